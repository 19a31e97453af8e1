// SPDX-License-Identifier: Apache-2.0

// Operations as JSON requests.

package main

import "strings"

type object = map[string]interface{}

// expressions are the members that an action's condition and update are told in.
func expressions(a action) object {
	values := attributes{}
	o := object{}
	switch a.condition.kind {
	case exists:
		o["ConditionExpression"] = "attribute_exists(pk)"
	case absent:
		o["ConditionExpression"] = "attribute_not_exists(pk)"
	case versionIs:
		o["ConditionExpression"] = "version = :condition"
		values[":condition"] = number(a.condition.value)
	case numberAtLeast:
		o["ConditionExpression"] = "#number >= :condition"
		values[":condition"] = number(a.condition.value)
	}
	if a.verb == update {
		o["UpdateExpression"] = "SET version = :version ADD #number :number"
		values[":version"] = number(a.version)
		values[":number"] = number(a.number)
	}
	if len(values) > 0 {
		o["ExpressionAttributeValues"] = values
	}
	if a.verb == update || a.condition.kind == numberAtLeast {
		o["ExpressionAttributeNames"] = map[string]string{"#number": "number"}
	}
	if a.returned == itemBefore && a.condition.kind != always {
		o["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
	}
	return o
}

func (t tables) actionRequest(a action) object {
	o := expressions(a)
	o["TableName"] = t.nameOf(a.key)
	if a.verb == put {
		o["Item"] = itemAttributes(a.key, a.after(item{}))
	} else {
		o["Key"] = keyAttributes(a.key)
	}
	return o
}

// request is the body of an operation.
func (t tables) request(o *operation) object {
	switch o.kind {
	case transactWrite, transactGet:
		return t.transaction(o)
	case batchGet:
		keys := map[string][]attributes{}
		for _, a := range o.actions {
			name := t.nameOf(a.key)
			keys[name] = append(keys[name], keyAttributes(a.key))
		}
		wanted := object{}
		for name, of := range keys {
			wanted[name] = object{"Keys": of, "ConsistentRead": true}
		}
		return object{"RequestItems": wanted}
	case query:
		return object{
			"TableName": t.sorted, "ConsistentRead": true, "KeyConditionExpression": "pk = :pk",
			"ExpressionAttributeValues": attributes{":pk": partitionOf(o.group())},
		}
	case scan:
		return object{"TableName": t.sorted, "ConsistentRead": true}
	default:
		return t.single(o.actions[0])
	}
}

func (t tables) single(a action) object {
	o := t.actionRequest(a)
	switch {
	case a.verb == get:
		o["ConsistentRead"] = true
	case a.returned == itemBefore:
		o["ReturnValues"] = "ALL_OLD"
	case a.returned == itemAfter:
		o["ReturnValues"] = "ALL_NEW"
	}
	return o
}

func (t tables) transaction(o *operation) object {
	names := [...]string{"Get", "Put", "Update", "Delete", "ConditionCheck"}
	var all []object
	for _, a := range o.actions {
		all = append(all, object{names[a.verb]: t.actionRequest(a)})
	}
	body := object{"TransactItems": all}
	if o.token != "" {
		body["ClientRequestToken"] = o.token
	}
	return body
}

// errorName is the part of `__type` that names an error.
func errorName(kind string) string { return kind[strings.LastIndexByte(kind, '#')+1:] }
