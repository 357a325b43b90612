//! The interface described (OpenAPI 3.1), from the tables by which it is made: what is not there is not offered, and the other way round.

use axum::Json;
use meed_office::command::{Form, FormField, Kind, forms};
use meed_office::log::Protected;
use serde_json::{Map, Value, json};

use super::rows::{MOST, USUAL, columns, tables};
use crate::access::Audience;
use crate::pages::workbench::simulations::FIELDS;
use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/api/v1/openapi.json", Audience::Anyone, openapi)]
}

async fn openapi() -> Json<Value> {
    Json(document())
}

/// The description.
pub fn document() -> Value {
    let mut paths = Map::new();
    for table in tables() {
        let name = table.table;
        paths.insert(format!("/api/v1/rows/{name}"), json!({"get": listing(table)}));
        let key: Vec<String> = table.key.iter().map(|part| format!("{{{part}}}")).collect();
        paths.insert(
            format!("/api/v1/rows/{name}/{}", key.join("/")),
            json!({"get": single(table)}),
        );
    }
    for form in forms() {
        paths.insert(
            format!("/api/v1/acts/{}/{}", form.module, form.act),
            json!({"post": act(form)}),
        );
    }
    paths.insert("/api/v1/acts".to_owned(), json!({"get": {
        "operationId": "acts", "summary": "Every act with its fields", "security": [], "responses": answers("#/components/schemas/Listed", &[]),
    }}));
    paths.insert("/api/v1/events".to_owned(), json!({"get": {
        "operationId": "events", "summary": "What happened, in order (CloudEvents 1.0)",
        "parameters": [limit(), query("after", json!({"type": "string", "pattern": "^[0-9]{1,18}\\.[0-9]{1,18}$"}))],
        "responses": answers("#/components/schemas/Events", &["400", "401", "403"]),
    }}));
    paths.insert("/api/v1/determinations".to_owned(), json!({"post": {
        "operationId": "determine", "summary": "What the rules make of facts; nothing is stored, nobody signs in", "security": [],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Asked"}}}},
        "responses": answers("#/components/schemas/Determination", &["400", "404"]),
    }}));
    paths.insert(
        "/api/v1/schemas/{package}".to_owned(),
        json!({"get": {
            "operationId": "schema", "summary": "The JSON Schema of a package's facts", "security": [],
            "parameters": [{"name": "package", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": with_kind("application/schema+json", json!({"type": "object"}), &["404"]),
        }}),
    );
    simulations(&mut paths);
    paths.insert("/api/v1/openapi.json".to_owned(), json!({"get": {
        "operationId": "openapi", "summary": "This description", "security": [], "responses": answers("#/components/schemas/Any", &[]),
    }}));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Meed", "version": env!("CARGO_PKG_VERSION"), "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Whole numbers and amounts (in fen) are texts, so that no program reads them inexactly.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": [], "form": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token that a person made under /account/tokens; it gives no act that needs a second factor"},
                "session": {"type": "apiKey", "in": "cookie", "name": "meed"},
                "form": {"type": "apiKey", "in": "header", "name": "x-csrf-token"},
            },
            "schemas": schemas(),
        },
    })
}

fn simulations(paths: &mut Map<String, Value>) {
    let part = |name: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}});
    let text = |name: &&str| ((*name).to_owned(), json!({"type": "string"}));
    let fields: Map<String, Value> = FIELDS.iter().map(text).collect();
    let body = json!({"type": "object", "required": ["policy"], "additionalProperties": false, "properties": fields});
    paths.insert("/api/v1/simulations".to_owned(), json!({"post": {
        "operationId": "simulate", "summary": "Makes a simulation, of the fields that the form has; look at it until it has ended",
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": answers("#/components/schemas/Simulation", &["400", "404"]),
    }}));
    paths.insert(
        "/api/v1/simulations/{id}".to_owned(),
        json!({"get": {
            "operationId": "simulation", "summary": "How far a simulation is, and what it found", "parameters": [part("id")],
            "responses": answers("#/components/schemas/Simulation", &["404"]),
        }}),
    );
    let mut responses = with_kind("text/csv", json!({"type": "string"}), &["404"]);
    if let Some(kinds) = responses.pointer_mut("/200/content").and_then(Value::as_object_mut) {
        for kind in ["application/json", "text/html", "application/octet-stream"] {
            kinds.insert(kind.to_owned(), json!({}));
        }
    }
    paths.insert(
        "/api/v1/simulations/{id}/files/{file}".to_owned(),
        json!({"get": {
            "operationId": "simulation_file", "summary": "A file of a simulation", "parameters": [part("id"), part("file")], "responses": responses,
        }}),
    );
}

fn schemas() -> Map<String, Value> {
    let mut all: Map<String, Value> = tables().map(|table| (schema_name(table), row(table))).collect();
    let mut add = |name: &str, schema: Value| all.insert(name.to_owned(), schema);
    add("Any", json!({"type": "object"}));
    add(
        "Listed",
        json!({"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": {"type": "object"}}}}),
    );
    add(
        "Done",
        json!({
            "type": "object", "required": ["seq", "result"], "additionalProperties": false,
            "properties": {"seq": {"type": "string", "pattern": "^[0-9]+$"}, "result": true},
        }),
    );
    add(
        "Problem",
        json!({
            "type": "object", "required": ["type", "title", "status"],
            "properties": {
                "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
                "detail_zh": {"type": "string"}, "clause": true, "missing": true,
            },
        }),
    );
    add(
        "Events",
        json!({
            "type": "object", "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": {"type": "object", "required": ["specversion", "id", "source", "type", "subject", "time"]}},
                "next": {"type": "string"},
            },
        }),
    );
    add(
        "Asked",
        json!({
            "type": "object", "required": ["facts"], "additionalProperties": false,
            "properties": {
                "package": {"type": "string"}, "on": {"type": "string", "format": "date"}, "measure": {"type": "string"},
                "facts": {"type": "object", "description": "By the kind of applicant; see /api/v1/schemas/{package}"},
            },
        }),
    );
    add(
        "Simulation",
        json!({
            "type": "object", "required": ["id", "state", "policy", "title", "rows"],
            "properties": {
                "id": {"type": "string"}, "state": {"enum": ["waiting", "running", "failed", "done"]}, "policy": {"type": "string"},
                "title": {"type": "string"}, "rows": {"type": "object"}, "why": {"type": "object"}, "report": {"type": "object"},
                "files": {"type": "array", "items": {"type": "string"}},
            },
        }),
    );
    add(
        "Determination",
        json!({
            "type": "object", "required": ["package", "date", "awards", "services", "titles", "totals"],
            "properties": {"awards": {"type": "array"}, "services": {"type": "array"}, "titles": {"type": "array"}, "totals": {"type": "object"}},
        }),
    );
    all
}

fn schema_name(table: &Protected) -> String {
    format!("row_{}", table.table)
}

fn row(table: &Protected) -> Value {
    let column = |(index, name): (usize, &str)| {
        let whole = table.numbers.get(index).copied().unwrap_or(false);
        let schema = if whole {
            json!({"type": ["string", "null"], "pattern": "^-?[0-9]+$"})
        } else {
            json!({"type": ["string", "null"]})
        };
        (name.to_owned(), schema)
    };
    let properties: Map<String, Value> = columns(table).map(column).collect();
    let required: Vec<&str> = columns(table).map(|(_, name)| name).collect();
    json!({"type": "object", "required": required, "additionalProperties": false, "properties": properties})
}

fn listing(table: &Protected) -> Value {
    let mut parameters = vec![
        limit(),
        query("after", json!({"type": "string", "pattern": "^([0-9a-f]{2})+$"})),
    ];
    parameters.extend(columns(table).map(|(_, name)| query(name, json!({"type": "string"}))));
    let name = schema_name(table);
    let page = json!({
        "type": "object", "required": ["items", "next"], "additionalProperties": false,
        "properties": {"items": {"type": "array", "items": {"$ref": format!("#/components/schemas/{name}")}}, "next": {"type": ["string", "null"]}},
    });
    let mut responses = with_kind("application/json", page, &["400"]);
    let part = |name: &&str| {
        (
            (*name).to_owned(),
            Value::from(format!("$response.body#/items/0/{name}")),
        )
    };
    let key: Map<String, Value> = table.key.iter().map(part).collect();
    let link = json!({"first": {"operationId": format!("get_{}", table.table), "parameters": key}});
    if let Some(done) = responses.get_mut("200").and_then(Value::as_object_mut) {
        done.insert("links".to_owned(), link);
    }
    json!({
        "operationId": format!("list_{}", table.table), "summary": format!("Rows of {} that you may see", table.table),
        "parameters": parameters, "responses": responses, "security": [{}, {"token": []}, {"session": []}],
    })
}

fn single(table: &Protected) -> Value {
    let part = |name: &&str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}});
    let parameters: Vec<Value> = table.key.iter().map(part).collect();
    json!({
        "operationId": format!("get_{}", table.table), "summary": format!("One row of {}", table.table), "parameters": parameters,
        "responses": answers(&format!("#/components/schemas/{}", schema_name(table)), &["400", "404"]), "security": [{}, {"token": []}, {"session": []}],
    })
}

fn act(form: &Form) -> Value {
    let header = |name: &str, required: bool| json!({"name": name, "in": "header", "required": required, "schema": {"type": "string", "minLength": 1, "maxLength": 200}});
    let mut parameters = vec![header("Idempotency-Key", true)];
    if form.target.is_some() {
        parameters.push(header("If-Match", true));
    }
    let properties: Map<String, Value> = form
        .fields
        .iter()
        .map(|field| (field.name.to_owned(), input(field)))
        .collect();
    let required: Vec<&str> = form
        .fields
        .iter()
        .filter(|field| !field.optional)
        .map(|field| field.name)
        .collect();
    let body = json!({"type": "object", "required": required, "additionalProperties": false, "properties": properties});
    json!({
        "operationId": format!("{}_{}", form.module, form.act), "summary": form.help, "parameters": parameters,
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": answers("#/components/schemas/Done", &["400", "401", "403", "404", "409", "412", "422", "428"]),
    })
}

fn input(field: &FormField) -> Value {
    let mut one = match field.kind {
        Kind::Number => json!({"type": "integer"}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Amount => json!({"type": "string", "pattern": "^[0-9]{1,15}(\\.[0-9]{1,2})?$"}),
        Kind::Points => json!({"type": "string", "pattern": "^[0-9]{1,3}(\\.[0-9]{1,2})?$"}),
        Kind::Day => json!({"type": "string", "format": "date"}),
        Kind::Choice(words) | Kind::Role(words) => json!({"type": "string", "enum": words}),
        Kind::Json => json!({"type": ["object", "array", "string", "boolean", "null"]}),
        Kind::Files => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Kind::Text | Kind::File => json!({"type": "string"}),
    };
    if let Some(object) = one.as_object_mut() {
        object.insert("description".to_owned(), field.help.into());
    }
    if field.many {
        json!({"type": "array", "items": one})
    } else {
        one
    }
}

fn limit() -> Value {
    query(
        "limit",
        json!({"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
    )
}

fn query(name: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "required": false, "schema": schema})
}

fn answers(schema: &str, faults: &[&str]) -> Value {
    with_kind("application/json", json!({"$ref": schema}), faults)
}

/// The answer of a kind, and the faults that may come instead: always a token that is none, too many requests, a failing house, and a body that is too long.
fn with_kind(kind: &str, schema: Value, faults: &[&str]) -> Value {
    let mut all = Map::new();
    all.insert(
        "200".to_owned(),
        json!({"description": "Done", "content": {kind: {"schema": schema}}}),
    );
    for status in faults.iter().chain(&["401", "403", "413", "429", "503"]) {
        let problem = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
        all.insert(
            (*status).to_owned(),
            json!({"description": "Problem", "content": problem}),
        );
    }
    Value::Object(all)
}
