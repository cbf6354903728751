namespace ActorTrading.Lab.Fuzzing;

/// <summary>A component that processes bytes from clients. Used by one thread at a time.</summary>
internal abstract class FuzzTarget : IDisposable
{
    private const int LeastAllowed = 1_000_000;

    /// <summary>The name of the target: the group (for <c>--target</c>), and after a hyphen the part.</summary>
    public abstract string Name { get; }

    /// <summary>The group of the target.</summary>
    public string Group => Name.Split('-')[0];

    /// <summary>Valid inputs, from which other inputs are derived.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Maximum number of allocated bytes per byte of an input that is read once.</summary>
    protected virtual int AllocatedPerByte => 2_000;

    /// <summary>Makes an input plausible when distortion alone would fail at its checksum. By default, returns it unchanged.</summary>
    public virtual byte[] Finish(byte[] input, Random random) => input;

    /// <summary>Processes one input.</summary>
    /// <returns>Whether something of it was accepted.</returns>
    /// <exception cref="FuzzFault">A property was violated. Any other exception is a fault too.</exception>
    public abstract bool Take(byte[] input, Random random);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Reads an input, and checks how much that allocates.</summary>
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
