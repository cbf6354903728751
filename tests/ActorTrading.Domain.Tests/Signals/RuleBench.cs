using System.Runtime.InteropServices;
using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Indicators;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Signals;

/// <summary>A symbol with only the values that a rule reads: they are set directly, then evaluated.</summary>
internal sealed class RuleBench : IValueLocations
{
    private static readonly int BarWords = Marshal.SizeOf<Bar>() / sizeof(long);

    private readonly StateLayout layout = new();
    private readonly Dictionary<string, int> indicators = [];
    private readonly Dictionary<Frame, int> bars = [];
    private readonly long[] words;

    public RuleBench(string rule, Frame defaultFrame = Frame.OneMinute)
        : this(RuleParserTests.Parse(rule), defaultFrame)
    {
    }

    public RuleBench(Rule rule, Frame defaultFrame = Frame.OneMinute)
    {
        Rule = RuleCompiler.Compile(rule, defaultFrame, layout, this);
        words = new long[layout.Words];
        foreach (var offset in indicators.Values) words.AsSpan().Reals(offset, 1)[0] = Indicator.Absent;
    }

    public CompiledRule Rule { get; }

    public Span<long> Words => words;

    /// <summary>
    /// Sets an indicator's value by its canonical name with the frame; null makes it absent. Values that the rule does not read are
    /// ignored.
    /// </summary>
    public RuleBench Set(string name, double? value)
    {
        if (indicators.TryGetValue(name, out var offset)) Words.Reals(offset, 1)[0] = value ?? Indicator.Absent;
        return this;
    }

    /// <summary>Closes a bar of the frame.</summary>
    public RuleBench Close(Frame frame, long openTime, double price, double volume = 1)
    {
        var units = (long)(price * Fixed8.One);
        return Close(frame, Bar.Of(openTime, 0, units, (long)(volume * Fixed8.One)));
    }

    /// <summary>Closes a bar of the frame.</summary>
    public RuleBench Close(Frame frame, Bar bar)
    {
        if (bars.TryGetValue(frame, out var offset)) MemoryMarshal.Cast<long, Bar>(Words.Slice(offset, BarWords))[0] = bar;
        return this;
    }

    public bool Fires(long time = 0) => Rule.Evaluate(words, time);

    int IValueLocations.IndicatorValue(IndicatorSpec spec, Frame frame) =>
        Place(indicators, $"{spec}@{frame.Name()}", 1);

    int IValueLocations.LastBar(Frame frame) => Place(bars, frame, BarWords);

    private int Place<T>(Dictionary<T, int> places, T key, int count)
        where T : notnull
    {
        if (!places.TryGetValue(key, out var offset)) places[key] = offset = layout.Take(count);
        return offset;
    }
}
