namespace ActorTrading.Simulation;

/// <summary>
/// Random numbers that are the same on every machine and in every release: xoshiro256** by Blackman and Vigna (public domain), seeded
/// with SplitMix64. Integer arithmetic only. Not cryptographically secure.
/// </summary>
internal struct Xoshiro256
{
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    /// <summary>Creates the sequence <paramref name="stream"/> of a seed. Different sequences do not resemble each other.</summary>
    public Xoshiro256(ulong seed, ulong stream)
    {
        var mix = seed;
        mix = SplitMix(ref mix) ^ (stream * 0xD1342543DE82EF95);
        s0 = SplitMix(ref mix);
        s1 = SplitMix(ref mix);
        s2 = SplitMix(ref mix);
        s3 = SplitMix(ref mix);
    }

    /// <summary>Creates a generator from a state, which must not be all zero.</summary>
    public Xoshiro256(ulong s0, ulong s1, ulong s2, ulong s3)
    {
        this.s0 = s0;
        this.s1 = s1;
        this.s2 = s2;
        this.s3 = s3;
    }

    /// <summary>Returns 64 random bits.</summary>
    public ulong Next()
    {
        var result = ulong.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = ulong.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Returns a number from 0 to below the bound, which must be positive. The bias is below bound / 2^64.</summary>
    public long Below(long bound) => (long)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Returns true with the probability of the given <see cref="Odds"/>.</summary>
    public bool Happens(ulong odds) => (Next() >> 11) < odds;

    /// <summary>Converts a probability from 0 to 1 for <see cref="Happens"/>.</summary>
    public static ulong Odds(double probability) => (ulong)(probability * (1L << 53));

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
