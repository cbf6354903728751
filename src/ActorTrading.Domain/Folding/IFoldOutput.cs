using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>Receives the output of the fold, in order. Called on the folding thread: return quickly, and copy what you keep.</summary>
public interface IFoldOutput
{
    /// <summary>A bar closed and the indicators of its frame were updated with it.</summary>
    void OnBar(SymbolState symbol, Series series, in Bar bar);

    /// <summary>A rule fired.</summary>
    void OnSignal(Signal signal);

    /// <summary>A record arrived after its bar had closed.</summary>
    void OnLate(in Record record);

    /// <summary>An indicator failed; it has no values from now on.</summary>
    void OnFault(IndicatorFault fault);
}

/// <summary>An indicator threw an exception. It has no values until the plan changes; other indicators are not affected.</summary>
public sealed record IndicatorFault(Symbol Symbol, Frame Frame, string Indicator, Timestamp Time, string Message);

/// <summary>Ignores all output.</summary>
public sealed class NoOutput : IFoldOutput
{
    /// <summary>The shared instance.</summary>
    public static readonly NoOutput Instance = new();

    /// <inheritdoc/>
    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
    }

    /// <inheritdoc/>
    public void OnSignal(Signal signal)
    {
    }

    /// <inheritdoc/>
    public void OnLate(in Record record)
    {
    }

    /// <inheritdoc/>
    public void OnFault(IndicatorFault fault)
    {
    }
}
