//! What the orders of the stock and their places hold to.

use super::*;

#[test]
fn a_place_is_read_in_its_own_order_only() {
    let id = DwellingId::NIL;
    let rent = Order {
        by: SortBy::Rent,
        descending: false,
    };
    let mut bytes = vec![b'r'];
    bytes.extend_from_slice(id.uuid().as_bytes());
    bytes.extend_from_slice(&850_000_i64.to_be_bytes());
    let expected = Place {
        id,
        key: Key::Number(850_000),
    };
    assert_eq!(rent.find_place(&bytes), Some(expected));
    let other = Order {
        descending: true,
        ..rent
    };
    assert_eq!(other.find_place(&bytes), None);
    for broken in [&[][..], b"r", &bytes[..20]] {
        assert_eq!(rent.find_place(broken), None);
    }
}

#[test]
fn a_street_is_found_in_whatever_case_its_first_letter_is_typed() {
    assert_eq!(as_written(" åsvegen 1"), "Åsvegen 1");
    assert_eq!(as_written(""), "");
}
