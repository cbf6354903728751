using System.Buffers;
using System.Runtime.CompilerServices;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Outbound;

/// <summary>The stream of the signal log, from a position on.</summary>
internal sealed class SignalResults(IEngine engine, Func<long> lastSignal, ResultOptions options) : IResultStream
{
    public bool IsOfNode => false;

    public Task<ResultPosition> EndAsync(CancellationToken cancellation) => Task.FromResult(new ResultPosition(lastSignal()));

    public long? CountAfter(ResultPosition position) => Math.Max(0, lastSignal() - position.Major);

    public async IAsyncEnumerable<ResultMessage> ReadAsync(ResultPosition after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (after.Major > lastSignal())
            throw new ConnectorException($"The target has signals up to position {after}, but the signal log ends at {lastSignal()}: "
                + "they come from another journal.");
        await foreach (var logged in engine.SignalsAsync(after.Major, cancellation).ConfigureAwait(false))
            yield return MessageOf(logged);
    }

    private ResultMessage MessageOf(LoggedSignal logged)
    {
        var mark = new ResultMessage(new ResultPosition(logged.Position));
        if (!Wants(logged.Signal)) return mark;
        var value = new ArrayBufferWriter<byte>(512);
        SignalJson.Write(logged.Position, logged.Signal, value);
        return mark with
        {
            Id = logged.EntryId, Key = logged.Signal.Symbol.Name, Topic = logged.Signal.RuleName, Time = logged.Signal.Time,
            Value = value.WrittenMemory,
        };
    }

    private bool Wants(Signal signal) =>
        options.Symbols?.Contains(signal.Symbol) != false && options.Rules?.Contains(signal.RuleName) != false;
}
