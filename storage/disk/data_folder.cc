// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/data_folder.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/record.h"

namespace weir::storage {
namespace {

constexpr std::string_view kCheckpointPrefix = "checkpoint-";
constexpr std::string_view kUnfinished = "checkpoint.new";
constexpr std::string_view kNewMark = "durable.new";
constexpr std::size_t kDigits = 20;

// The number in a file's name after `prefix`; nullopt for a file of another name.
std::optional<std::uint64_t> NumberIn(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix) || name.size() != prefix.size() + kDigits) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const char* const end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + prefix.size(), end, number);
  return parsed.ptr == end && parsed.ec == std::errc() ? std::optional(number) : std::nullopt;
}

std::string CheckpointName(std::uint64_t after) {
  return NumberedName(kCheckpointPrefix, after);
}

FolderFault FaultOf(const IoError& error) {
  return {error.ToString()};
}

// NOLINTBEGIN(bugprone-macro-parentheses): `lhs` may be a declaration.
// Like WEIR_ASSIGN_OR_RETURN, for an Io in a function that returns a Loaded.
#define WEIR_LOAD(lhs, expression) WEIR_LOAD_IMPL(lhs, expression, WEIR_CONCAT(weir_io_, __LINE__))
#define WEIR_LOAD_IMPL(lhs, expression, result) \
  auto result = (expression);                   \
  if (!result.ok()) {                           \
    return FaultOf(result.error());             \
  }                                             \
  lhs = std::move(result).value()
// NOLINTEND(bugprone-macro-parentheses)

// Reads a folder, once.
class Loader {
 public:
  // `damage`: where to describe what is passed over; null if that is a fault.
  Loader(const Files& files, RowVisitor& visitor, std::vector<std::string>* damage)
      : files_(files), visitor_(visitor), damage_(damage) {}

  Loaded<FolderState> Load() {
    WEIR_LOAD(const std::vector<std::string> names, files_.List());
    WEIR_LOAD(state_.mark, ReadMark(files_));
    std::vector<std::uint64_t> checkpoints;
    std::vector<std::uint64_t> journals;
    std::vector<std::uint64_t> indexes;
    for (const std::string& name : names) {
      if (const auto after = NumberIn(name, kCheckpointPrefix)) {
        checkpoints.push_back(*after);
      } else if (const auto first = NumberIn(name, kJournalPrefix)) {
        journals.push_back(*first);
      } else if (const auto indexed = NumberIn(name, kIndexPrefix)) {
        indexes.push_back(*indexed);
      } else if (name == kUnfinished || name == kNewMark || name == kNewIndex) {
        state_.leftovers.push_back(name);
      }
    }
    if (!checkpoints.empty()) {
      WEIR_RETURN_IF_ERROR(ReadCheckpoint(checkpoints.back()));
      checkpoints.pop_back();
    }
    for (const std::uint64_t old : checkpoints) {
      state_.leftovers.push_back(CheckpointName(old));
    }
    WEIR_RETURN_IF_ERROR(DropUnbegun(journals));
    WEIR_RETURN_IF_ERROR(ReadJournal(journals));
    DropIndexes(indexes);
    if (state_.next <= state_.mark) {
      WEIR_RETURN_IF_ERROR(PassOver(FolderFault{files_.PathOf("") + ": the journal ends with row " +
                                                std::to_string(state_.next - 1) + ", but row " +
                                                std::to_string(state_.mark) + " was written"}));
    }
    return std::move(state_);
  }

 private:
  // Describes a fault, and succeeds, if damage is passed over.
  Loaded<void> PassOver(FolderFault fault) {
    if (damage_ == nullptr) {
      return fault;
    }
    damage_->push_back(std::move(fault.text));
    return {};
  }

  // Reads a file's header; nullopt if that is not whole.
  Loaded<std::optional<FileHeader>> ReadHeader(const std::string& name, RowReader& reader) {
    WEIR_LOAD(const std::optional<FileHeader> header, reader.ReadHeader());
    if (header.has_value() && header->version > kDataFormatVersion) {
      return FolderFault{files_.PathOf(name) +
                         " was written by a newer version of weir (its format is " +
                         std::to_string(header->version) + ", this version reads up to " +
                         std::to_string(kDataFormatVersion) + ")"};
    }
    return header;
  }

  // Reads a file's header, which must be of this folder; false if that is not whole.
  Loaded<bool> Begin(const std::string& name, RowReader& reader) {
    WEIR_ASSIGN_OR_RETURN(const std::optional<FileHeader> header, ReadHeader(name, reader));
    if (!header.has_value()) {
      return false;
    }
    if (state_.data_set != 0 && header->data_set != state_.data_set) {
      return FolderFault{files_.PathOf(name) + " belongs to another data folder"};
    }
    state_.data_set = header->data_set;
    return true;
  }

  [[nodiscard]] FolderFault Damaged(const std::string& name, std::uint64_t offset) const {
    return {files_.PathOf(name) + " is damaged at byte " + std::to_string(offset)};
  }
  [[nodiscard]] FolderFault Senseless(const std::string& name, std::uint64_t offset) const {
    return {files_.PathOf(name) + " has a row at byte " + std::to_string(offset) +
            " that this version of weir can't make sense of"};
  }

  Loaded<void> ReadCheckpoint(std::uint64_t after) {
    const std::string name = CheckpointName(after);
    WEIR_LOAD(const std::unique_ptr<File> file, files_.Open(name));
    RowReader reader(*file);
    WEIR_ASSIGN_OR_RETURN(const bool begun, Begin(name, reader));
    bool ended = false;
    while (begun) {
      const std::uint64_t offset = reader.offset();
      WEIR_LOAD(const std::optional<Row> row, reader.Next());
      if (!row.has_value()) {
        break;
      }
      if (row->kind == RowKind::kEnd && !ended) {
        RecordReader end(row->payload);
        ended = end.Unsigned() == after && end.finished();
      } else if (ended || !visitor_.Visit(*row, false)) {
        WEIR_RETURN_IF_ERROR(PassOver(Senseless(name, offset)));
      }
    }
    if (reader.broken() || !ended) {
      WEIR_RETURN_IF_ERROR(PassOver(Damaged(name, reader.offset())));
    }
    state_.checkpoint = after;
    state_.checkpoint_bytes = reader.offset();
    state_.next = after + 1;
    return {};
  }

  // Passes over the files of the journal that a failure or a crash has left without a whole header,
  // before there was a row in them that counts, and over those from before a reset.
  Loaded<void> DropUnbegun(std::vector<std::uint64_t>& firsts) {
    for (auto first = firsts.begin(); first != firsts.end();) {
      const std::string name = JournalName(*first);
      WEIR_LOAD(const std::unique_ptr<File> file, files_.Open(name));
      RowReader reader(*file);
      WEIR_ASSIGN_OR_RETURN(const std::optional<FileHeader> header, ReadHeader(name, reader));
      if (!header.has_value() && *first <= state_.mark) {
        WEIR_RETURN_IF_ERROR(PassOver(Damaged(name, 0)));
      }
      const bool before_reset =
          header.has_value() && *first <= state_.checkpoint && header->data_set != state_.data_set;
      if (header.has_value() && !before_reset) {
        ++first;
      } else {
        state_.leftovers.push_back(name);
        first = firsts.erase(first);
      }
    }
    return {};
  }

  // Passes over the indexes of files that are not there, or do not count.
  void DropIndexes(const std::vector<std::uint64_t>& firsts) {
    for (const std::uint64_t first : firsts) {
      const bool used = std::any_of(state_.segments.begin(), state_.segments.end(),
                                    [&](const Segment& segment) { return segment.first == first; });
      if (!used) {
        state_.leftovers.push_back(IndexName(first));
      }
    }
  }

  // `firsts`: the numbers in the files' names, ascending.
  Loaded<void> ReadJournal(const std::vector<std::uint64_t>& firsts) {
    if (!firsts.empty() && firsts.front() > state_.next) {
      WEIR_RETURN_IF_ERROR(PassOver(Missing(firsts.front(), state_.next)));
    }
    std::uint64_t next = firsts.empty() ? state_.next : firsts.front();
    for (std::size_t i = 0; i < firsts.size(); ++i) {
      if (firsts[i] != next && next <= state_.mark) {
        WEIR_RETURN_IF_ERROR(PassOver(Missing(firsts[i], next)));
      } else if (firsts[i] != next) {  // the file before was cut off
        state_.leftovers.push_back(JournalName(firsts[i]));
        continue;
      }
      const std::uint64_t end = i + 1 < firsts.size() ? firsts[i + 1] : UINT64_MAX;
      if (std::optional<SegmentIndex> index = IndexInstead(firsts[i], end)) {
        next = index->last + 1;
        PassOver(firsts[i], *std::move(index));
      } else {
        WEIR_ASSIGN_OR_RETURN(next, ReadSegment(firsts[i], end));
      }
    }
    state_.next = std::max(state_.next, next);
    return {};
  }

  [[nodiscard]] FolderFault Missing(std::uint64_t first, std::uint64_t next) const {
    return {files_.PathOf(JournalName(first)) + ": the rows " + std::to_string(next) + " to " +
            std::to_string(first - 1) + " are missing before it"};
  }

  // The index of a file whose rows before `end` are all in the checkpoint and need not be read;
  // nullopt if the file has to be read.
  std::optional<SegmentIndex> IndexInstead(std::uint64_t first, std::uint64_t end) {
    if (first > state_.checkpoint || damage_ != nullptr) {
      return std::nullopt;
    }
    std::optional<SegmentIndex> index = LoadIndex(files_, state_.data_set, first);
    if (!index.has_value() || index->last > state_.checkpoint) {
      return std::nullopt;
    }
    // An index may be older than the file's last rows.
    const bool all =
        end == UINT64_MAX ? index->whole && index->last >= state_.mark : index->last + 1 == end;
    return all ? std::move(index) : std::nullopt;
  }

  void PassOver(std::uint64_t first, SegmentIndex index) {
    visitor_.PassOver(index.latest);
    state_.segments.push_back({.name = JournalName(first), .first = first, .latest = index.latest});
    state_.indexes.push_back({.first = first, .saved = true, .index = std::move(index)});
  }

  // Shows the rows before `end`, and returns the number after the last.
  Loaded<std::uint64_t> ReadSegment(std::uint64_t first, std::uint64_t end) {
    const std::string name = JournalName(first);
    WEIR_LOAD(const std::unique_ptr<File> file, files_.Open(name));
    RowReader reader(*file);
    WEIR_ASSIGN_OR_RETURN(const bool begun, Begin(name, reader));
    std::uint64_t next = first;
    SegmentIndex index;
    std::uint64_t synced = first > state_.mark ? 0 : UINT64_MAX;  // bytes up to the mark's row
    bool broken = !begun;  // which cannot be, unless the file has changed since DropUnbegun
    while (begun && next < end) {
      const std::uint64_t offset = reader.offset();
      WEIR_LOAD(const std::optional<Row> row, reader.Next());
      if (!row.has_value()) {
        broken = reader.broken();
        break;
      }
      if (row->number != next || !Show(*row)) {
        WEIR_RETURN_IF_ERROR(PassOver(Senseless(name, offset)));
      }
      index.Add(*row, offset, reader.offset());
      synced = next == state_.mark ? reader.offset() : synced;
      ++next;
    }
    if (broken && next <= state_.mark) {
      WEIR_RETURN_IF_ERROR(PassOver(Damaged(name, reader.offset())));
    } else if (broken) {
      state_.cut_off = files_.PathOf(name) + " after byte " + std::to_string(reader.offset());
    }
    if (next > state_.checkpoint + 1) {
      state_.journal_bytes += reader.offset();
    }
    if (next > first) {
      if (synced < index.size) {
        state_.unsynced.push_back({.name = name, .begin = synced, .end = index.size});
      }
      state_.segments.push_back({.name = name, .first = first, .latest = index.latest});
      state_.indexes.push_back({.first = first, .index = std::move(index)});
    } else {
      state_.leftovers.push_back(name);
    }
    return next;
  }

  bool Show(const Row& row) {
    const bool only_log = row.number <= state_.checkpoint;
    bool sensible = true;
    const bool whole = ForEachRow(
        row, [&](const Row& part) { sensible = sensible && visitor_.Visit(part, only_log); });
    return sensible && whole;
  }

  const Files& files_;
  RowVisitor& visitor_;
  std::vector<std::string>* const damage_;
  FolderState state_;
};

// Writes the same bytes in the same place, and syncs them.
Io<void> WriteAgain(Files& files, const UnsyncedPart& part) {
  constexpr std::uint64_t kAtOnce = std::uint64_t{1} << 20U;
  WEIR_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.OpenToWrite(part.name));
  std::string bytes;
  for (std::uint64_t at = part.begin; at < part.end; at += kAtOnce) {
    WEIR_RETURN_IF_ERROR(file->ReadAt(at, std::min(kAtOnce, part.end - at), bytes));
    WEIR_RETURN_IF_ERROR(file->WriteAt(at, bytes));
  }
  return file->Sync();
}

}  // namespace

Loaded<FolderState> LoadFolder(const Files& files, RowVisitor& visitor) {
  return Loader(files, visitor, nullptr).Load();
}

Loaded<FolderState> LoadWhatIsThere(const Files& files, RowVisitor& visitor,
                                    std::vector<std::string>& damage) {
  return Loader(files, visitor, &damage).Load();
}

Io<std::unique_ptr<File>> SettleFolder(Files& files, const FolderState& state) {
  for (const UnsyncedPart& part : state.unsynced) {
    WEIR_RETURN_IF_ERROR(WriteAgain(files, part));
  }
  // A rename that was read has to be on the disk before what it replaces is removed.
  WEIR_RETURN_IF_ERROR(files.SyncNames());
  for (const std::string& name : state.leftovers) {
    WEIR_RETURN_IF_ERROR(files.Remove(name));
  }
  WEIR_ASSIGN_OR_RETURN(std::unique_ptr<File> mark, files.Create(kNewMark));
  WEIR_RETURN_IF_ERROR(mark->WriteAt(0, MarkOf(state.next - 1)));
  WEIR_RETURN_IF_ERROR(mark->Sync());
  WEIR_RETURN_IF_ERROR(files.Rename(kNewMark, kMarkName));
  WEIR_RETURN_IF_ERROR(files.SyncNames());
  return mark;
}

CheckpointWriter::CheckpointWriter(Files& files, std::uint64_t data_set, std::uint64_t after)
    : files_(files), data_set_(data_set), after_(after) {
  AppendFileHeader({.data_set = data_set, .first = next_}, buffer_);
  Io<std::unique_ptr<File>> file = files.Create(kUnfinished);
  if (file.ok()) {
    file_ = std::move(file).value();
  } else {
    failure_ = std::move(file).error();
  }
}

CheckpointWriter::~CheckpointWriter() {
  if (!finished_) {
    (void)files_.Remove(kUnfinished).ok();  // else the next checkpoint replaces it
  }
}

Io<void> CheckpointWriter::Add(RowKind kind, std::string_view payload) {
  constexpr std::size_t kWorthWriting = std::size_t{1} << 20U;
  AppendRow({.kind = kind, .number = next_++, .payload = payload}, data_set_, buffer_);
  return buffer_.size() < kWorthWriting ? Io<void>() : Write();
}

Io<void> CheckpointWriter::Write() {
  if (!failure_.has_value()) {
    if (Io<void> written = file_->WriteAt(offset_, buffer_); !written.ok()) {
      failure_ = std::move(written).error();
    }
  }
  offset_ += buffer_.size();
  buffer_.clear();
  return failure_.has_value() ? Io<void>(*failure_) : Io<void>();
}

Io<void> CheckpointWriter::Finish() {
  std::string end;
  RecordWriter(end).Put(after_);
  WEIR_RETURN_IF_ERROR(Add(RowKind::kEnd, end));
  WEIR_RETURN_IF_ERROR(Write());
  WEIR_RETURN_IF_ERROR(file_->Sync());
  WEIR_RETURN_IF_ERROR(files_.Rename(kUnfinished, CheckpointName(after_)));
  finished_ = true;
  WEIR_RETURN_IF_ERROR(files_.SyncNames());
  WEIR_ASSIGN_OR_RETURN(const std::vector<std::string> names, files_.List());
  for (const std::string& name : names) {
    const std::optional<std::uint64_t> number = NumberIn(name, kCheckpointPrefix);
    if (number.has_value() && *number != after_) {
      WEIR_RETURN_IF_ERROR(files_.Remove(name));
    }
  }
  return {};
}

}  // namespace weir::storage
