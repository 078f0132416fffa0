//! FNV-1a, because what names a finding must be the same in every version of every library.

/// Where it starts.
pub const START: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of more bytes.
pub fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
