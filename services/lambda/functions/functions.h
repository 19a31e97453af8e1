// SPDX-License-Identifier: Apache-2.0
// Functions: the functions that exist, in all regions together.
//
// A function is one record of kind "lambda.function", its published versions are records of kind
// "lambda.version", and its code is in the code store. So functions outlive the process if there is
// a data folder.
//
// Other than on AWS, a function is found in whatever region it is asked for; its ARN keeps the
// region in which it was created. An ARN with a third region leads nowhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "runtimes/function_host.h"
#include "services/lambda/errors.h"
#include "services/lambda/function_directory.h"
#include "services/lambda/functions/code_store.h"
#include "services/lambda/functions/function.h"
#include "services/lambda/functions/function_name.h"
#include "services/lambda/functions/hot_folders.h"
#include "storage/kept_records.h"

namespace weir::lambda {

// Weir's own bounds, since functions are in memory: Lambda limits only the code of all functions
// together. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr std::size_t kMostFunctions = 1000;
inline constexpr std::size_t kMostVersions = 10'000;  // published ones of all functions
inline constexpr std::size_t kMostSettings =
    std::size_t{256} * 1024;  // bytes of a function's record

struct FunctionsOptions {
  // Where the code is kept: <data folder>/functions. Empty: in a temporary folder, until the end.
  std::filesystem::path folder;
  // The URL at which a function runs that is not created here; nullopt for names that no endpoint
  // is given for. May be empty.
  std::function<std::optional<std::string>(std::string_view name)> endpoint_of;
  // For the choice between the versions of an alias with weights.
  std::uint64_t seed = std::random_device{}();
};

// Thread-safe.
class Functions final : public FunctionDirectory {
 public:
  // What a function is for those who list all of them.
  struct Listed {
    std::string name;
    std::string arn;
    std::string runtime;
    runtimes::Placement placement = runtimes::Placement::kProcess;
    std::string log_group;
  };

  // Restores the functions of `records`. All references must outlive it.
  Functions(storage::KeptRecords& records, const Clock& clock, runtimes::FunctionHost& host,
            FunctionsOptions options);
  ~Functions() override;
  Functions(const Functions&) = delete;
  Functions& operator=(const Functions&) = delete;

  [[nodiscard]] LambdaResult<FunctionRef> Resolve(std::string_view function,
                                                  std::string_view qualifier,
                                                  std::string_view region) const override;
  [[nodiscard]] AsyncSettings AsyncSettingsOf(const FunctionRef& function) const override;

  // The functions that are created here, by name.
  [[nodiscard]] std::vector<Listed> All() const;

  // For `weir lambda run`. Makes a function without code if there is none of that name. Fails for a
  // name that is none, and when there are too many functions.
  LambdaStatus EnsureAttached(std::string_view name, std::string_view region);
  // While a process is attached to a function, that runs it.
  void SetAttached(std::string_view name, bool attached);

  // The zip at the Location that GetFunction gave, whose query has `version` and `token`; nullopt
  // if there is none, or the token is not this server's. An empty version means $LATEST.
  [[nodiscard]] std::optional<std::string> CodeOf(std::string_view name, std::string_view version,
                                                  std::string_view token) const;

  // The rest is for the operations of this folder.
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] CodeStore& code() { return code_; }
  // The secret in the URLs of code; another one in each process.
  [[nodiscard]] const std::string& token() const { return token_; }

  // The function with that name; nullptr if there is none.
  [[nodiscard]] FunctionPtr Find(std::string_view name) const;
  // All of them, by name.
  [[nodiscard]] std::vector<FunctionPtr> Snapshot() const;
  // Adds a new function. Fails with ResourceConflictException if the name is taken.
  LambdaStatus Add(FunctionPtr function);
  // Makes a change to a function, all of it or none: `change` gets a copy, and may refuse. It runs
  // under the lock, so it must be short. Ends the processes of the code and configuration before
  // the change. Returns the function as it then is. Fails with FunctionNotFound(name), or if there
  // would be too many versions or settings.
  using ChangeFunction = std::function<LambdaStatus(Function&)>;
  LambdaResult<FunctionPtr> Change(const FunctionName& name, const ChangeFunction& change);
  // As Change, but `change` also learns the reserved concurrency of all other functions.
  using ChangeConcurrency = std::function<LambdaStatus(Function&, int reserved_by_others)>;
  LambdaResult<FunctionPtr> Change(const FunctionName& name, const ChangeConcurrency& change);
  // Removes a function, and ends its processes. False if there is none with that name.
  bool Remove(std::string_view name);

 private:
  void Restore();
  // Puts `after` in the place of `before`, which is null for a new function, and writes the records
  // in which they differ. Fails if that would be beyond the bounds, and then does nothing.
  LambdaStatus Replace(const Function* before, FunctionPtr after) WEIR_REQUIRES(mutex_);
  [[nodiscard]] bool IsAttached(std::string_view name) const;
  // The version that an alias leads to, by chance if it has weights.
  [[nodiscard]] std::string PickVersion(const Alias& alias) const;
  // The version that a qualifier leads to; nullopt if it is none.
  [[nodiscard]] std::optional<std::string> VersionOf(const Function& function,
                                                     std::string_view qualifier) const;
  [[nodiscard]] runtimes::FunctionSpecPtr SpecOf(const Function& function,
                                                 std::string_view version) const;
  // Of a configuration that has code.
  [[nodiscard]] runtimes::CodeSourcePtr SourceOf(const Code& code) const;
  [[nodiscard]] LambdaResult<FunctionRef> ResolveEndpoint(const FunctionName& name) const;

  storage::KeptRecords& records_;
  const Clock& clock_;
  runtimes::FunctionHost& host_;
  const FunctionsOptions options_;
  const std::string token_;  // in the URLs of code
  CodeStore code_;
  const std::shared_ptr<HotFolders> hot_folders_ = std::make_shared<HotFolders>();

  mutable Mutex mutex_;
  std::map<std::string, FunctionPtr, std::less<>> functions_ WEIR_GUARDED_BY(mutex_);
  std::size_t versions_ WEIR_GUARDED_BY(mutex_) = 0;  // of all functions
  std::set<std::string, std::less<>> attached_ WEIR_GUARDED_BY(mutex_);
  mutable std::mt19937_64 random_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::lambda
