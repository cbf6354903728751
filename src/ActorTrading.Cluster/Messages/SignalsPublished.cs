using ActorTrading.Engine;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Signals that are durable now, on the topics <see cref="Signals.Topics.Signals"/> and that of their symbol: those of one
/// symbol, at positions of the signal log from <see cref="First"/> on. May be lost on its way, and one topic brings no position
/// twice while its administrator lives.
/// </summary>
/// <param name="First">The position of the first one, from 1.</param>
/// <param name="Signals">Each as the signal log keeps it; <see cref="Read"/> makes signals of them.</param>
public sealed record SignalsPublished(long First, IReadOnlyList<byte[]> Signals)
{
    /// <summary>The signals with their positions.</summary>
    /// <exception cref="InvalidDataException">One is of a version that is not known here.</exception>
    public IReadOnlyList<LoggedSignal> Read() => Decode(First, Signals);

    internal static IReadOnlyList<LoggedSignal> Decode(long first, IReadOnlyList<byte[]> signals)
    {
        var read = new LoggedSignal[signals.Count];
        for (var i = 0; i < read.Length; i++)
        {
            if (!SignalCodec.TryDecode(signals[i], out _, out var signal, out var error))
                throw new InvalidDataException($"Signal {first + i}: {error}.");
            read[i] = new LoggedSignal(first + i, signal);
        }

        return read;
    }
}
