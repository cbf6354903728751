namespace ActorTrading.Lab.Fuzzing;

/// <summary>A part of the product that takes bytes from others. Used by one thread at a time.</summary>
internal abstract class FuzzTarget : IDisposable
{
    private const int LeastAllowed = 1_000_000;

    /// <summary>Its name: the group that <c>--target</c> names, and after a hyphen the part.</summary>
    public abstract string Name { get; }

    /// <summary>The group.</summary>
    public string Group => Name.Split('-')[0];

    /// <summary>Valid inputs, of which others are made.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>How many bytes may be allocated for each byte of an input that is read once.</summary>
    protected virtual int AllocatedPerByte => 2_000;

    /// <summary>Makes an input plausible where distortion alone would not get past its checksum; by default leaves it as it is.</summary>
    public virtual byte[] Finish(byte[] input, Random random) => input;

    /// <summary>Takes one input.</summary>
    /// <returns>Whether something of it was accepted.</returns>
    /// <exception cref="FuzzFault">A promise was broken. Any other exception is a fault, too.</exception>
    public abstract bool Take(byte[] input, Random random);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Reads an input, and looks at how much that allocates.</summary>
    protected T Measured<T>(int length, Func<T> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = read();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        FuzzFault.Unless(allocated <= LeastAllowed + ((long)AllocatedPerByte * length),
            $"{allocated:N0} bytes were allocated for an input of {length:N0}");
        return result;
    }
}
