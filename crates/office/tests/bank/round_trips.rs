//! What is written is read back the same, and what leaves fits its schema.

use meed_office::bank::*;
use meed_office::time::Instant;
use proptest::prelude::*;

use crate::cases;

proptest! {
    #[test]
    fn files((mode, file) in cases::mode().prop_flat_map(|mode| (Just(mode), cases::file(mode)))) {
        for form in Form::ALL {
            let adapter = Adapter::new(form, mode);
            let bytes = adapter.write(&file).unwrap();
            prop_assert_eq!(adapter.read(&bytes).unwrap(), file.clone());
            prop_assert_eq!(adapter.write(&file).unwrap(), bytes);
        }
    }

    #[test]
    fn replies(lines in prop::collection::vec(cases::line(Mode::Test), 1..6), group in prop::option::of(cases::status())) {
        let reply = Reply {
            message: "S1".to_owned(),
            original: Some(MessageId::new(Mode::Test, "B1").unwrap()),
            group,
            lines,
        };
        let adapter = Adapter::new(Form::Iso20022, Mode::Test);
        let bytes = adapter.write_reply(&reply, Instant::from_milliseconds(0)).unwrap();
        prop_assert_eq!(validate(&bytes), vec![]);
        prop_assert_eq!(adapter.answers(&bytes).unwrap().reply, reply);
    }

    #[test]
    fn replies_in_csv(lines in prop::collection::vec(cases::line(Mode::Test), 0..6)) {
        let reply = Reply {
            message: String::new(),
            original: None,
            group: None,
            lines,
        };
        let adapter = Adapter::new(Form::Csv, Mode::Test);
        let bytes = adapter.write_reply(&reply, Instant::from_milliseconds(0)).unwrap();
        prop_assert_eq!(adapter.answers(&bytes).unwrap().reply, reply);
    }

    #[test]
    fn statements(statement in cases::statement(Mode::Live)) {
        for form in Form::ALL {
            let adapter = Adapter::new(form, Mode::Live);
            let bytes = adapter.write_statement(&statement).unwrap();
            prop_assert_eq!(adapter.statements(&bytes).unwrap(), vec![statement.clone()]);
        }
    }
}
