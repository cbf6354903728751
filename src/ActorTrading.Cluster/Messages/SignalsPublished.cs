using ActorTrading.Engine;
using ActorTrading.Wire.Events;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// Durable signals of one symbol at consecutive positions of the signal log, published on the topics
/// <see cref="Signals.Topics.Signals"/> and that of their symbol. The message may be lost. A topic repeats a position only after a
/// restart of the administrator.
/// </summary>
/// <param name="First">Position of the first signal, from 1.</param>
/// <param name="Signals">Signals, encoded as in the signal log; <see cref="Read"/> decodes them.</param>
public sealed record SignalsPublished(long First, IReadOnlyList<byte[]> Signals)
{
    /// <summary>Decodes the signals, with their positions.</summary>
    /// <exception cref="InvalidDataException">A signal has a version that this release does not know.</exception>
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
