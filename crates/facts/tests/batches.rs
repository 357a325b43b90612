//! Batches say exactly what their records say.

#![cfg(test)]

mod vocabulary;

use meed_facts::batch::Builder;
use meed_facts::json::read;
use proptest::prelude::*;

use vocabulary::schema;

/// Facts that state something of every form: values, ranges, refusals, numbers without a place in a column, lists and parts of lists.
const PARTS: [&str; 27] = [
    r#""founded": "2016-05-18""#,
    r#""founded": "0001-01-01""#,
    r#""founded": {"at_least": "2016-05-18", "at_most": "2017-01-01"}"#,
    r#""employees": 120"#,
    r#""employees": {"at_least": 10}"#,
    r#""employees": {"missing": "refused"}"#,
    r#""capital": "50000001.01""#,
    r#""capital": 999999999999999999999999.99"#,
    r#""capital": -0.01"#,
    r#""listed": true"#,
    r#""listed": false"#,
    r#""listed": {"one_of": [true, false]}"#,
    r#""revenue": {"2022": "61000000.00", "2023": {"at_least": "40000000.00"}}"#,
    r#""revenue": {"2021": 1}"#,
    r#""hires": []"#,
    r#""hires": [{"id": "h1"}, {"id": "h2", "salary_paid": {"2022": 1}}]"#,
    r#""hires": {"known": [{"id": "h3"}], "complete": false}"#,
    r#""hires": {"missing": "refused"}"#,
    r#""owner": {"citizen": {"missing": "refused"}}"#,
    r#""titles": []"#,
    r#""titles": {"known": [{"title": "little_giant", "held": false}], "complete": false}"#,
    r#""awards": []"#,
    r#""level": "provincial""#,
    r#""in_niche": "3 years""#,
    r#""late": {"days": 3}"#,
    r#""power": {"2022-03": 0.1234567, "2022-04": 7}"#,
    r#""name": "中文""#,
];

fn facts() -> impl Strategy<Value = String> {
    proptest::sample::subsequence(PARTS.to_vec(), 0..=PARTS.len()).prop_map(|parts| {
        let mut seen: Vec<&str> = Vec::new();
        let mut kept = Vec::new();
        for part in parts {
            let name = part.split(':').next().unwrap_or_default();
            if !seen.contains(&name) {
                seen.push(name);
                kept.push(part);
            }
        }
        format!("{{\"enterprise\": {{{}}}}}", kept.join(", "))
    })
}

proptest! {
    #[test]
    fn a_batch_gives_each_record_back(texts in proptest::collection::vec(facts(), 0..70)) {
        let schema = schema();
        let records: Vec<_> = texts.iter().map(|text| read(&schema, text).map_err(|errors| format!("{text}: {errors:?}")).unwrap()).collect();
        let enterprise = schema.entities.iter().next().unwrap().0;
        let mut builder = Builder::new(&schema, enterprise);
        records.iter().for_each(|record| builder.push(record));
        let batch = builder.finish();
        prop_assert_eq!(batch.rows, records.len());
        for (row, record) in records.iter().enumerate() {
            prop_assert_eq!(batch.record(row), Some(record.clone()));
        }
        prop_assert_eq!(batch.record(records.len()), None);
    }
}
