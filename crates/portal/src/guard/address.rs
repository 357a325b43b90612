//! From where a request comes: the peer, or what the proxies in front of the portal say, where there are any.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;

/// The network that counts as one client: an address, or the 64 bits of an IPv6 network, of which a client has as many addresses as it likes.
pub fn client(request: &Request, proxies: usize) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    match forwarded(request.headers(), proxies).unwrap_or(peer).to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

/// What the outermost of our proxies says: each adds whom it sees at the end, and what stands before that, anybody may have written.
fn forwarded(headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter();
    let said: Vec<&str> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .collect();
    let place = said.len().checked_sub(proxies).filter(|_| proxies > 0)?;
    said.get(place)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(peer: &str, forwarded: &str) -> Request {
        let mut request = Request::new(Body::empty());
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        request
            .headers_mut()
            .insert("x-forwarded-for", forwarded.parse().unwrap());
        request
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let request = request("10.0.0.1:1234", "1.1.1.1, 2.2.2.2,3.3.3.3");
        let of = |proxies| client(&request, proxies).to_string();
        assert_eq!(
            [of(0), of(1), of(2), of(4)],
            ["10.0.0.1", "3.3.3.3", "2.2.2.2", "10.0.0.1"]
        );
    }

    #[test]
    fn a_network_of_ipv6_is_one_client_and_an_ipv4_address_is_itself_in_either_form() {
        let of = |peer: &str| client(&request(peer, ""), 0).to_string();
        assert_eq!(of("[2001:db8:1:2:3:4:5:6]:1"), of("[2001:db8:1:2::9]:1"));
        assert_eq!(of("[::ffff:10.0.0.1]:1"), "10.0.0.1");
    }
}
