namespace ActorTrading.Wire.Tests;

/// <summary>Damage that a disk may do to a payload.</summary>
internal static class Damage
{
    /// <summary>Asserts that no payload with one flipped bit, and no truncated one, can be read.</summary>
    public static void IsNoticed(byte[] payload, Func<byte[], bool> isRead)
    {
        for (var bit = 0; bit < payload.Length * 8; bit++)
        {
            var flipped = payload.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(isRead(flipped));
        }

        for (var length = 0; length < payload.Length; length++) Assert.False(isRead(payload[..length]));
    }
}
