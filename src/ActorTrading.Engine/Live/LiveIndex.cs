using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Live;

/// <summary>Topics of live events.</summary>
internal enum LiveTopic
{
    Bars,
    Late,
    Ticks,
}

/// <summary>
/// Index of live readers by symbol and topic. A look-up does not depend on the number of readers of other symbols: it costs one look-up in
/// the table of names, and one for each length of the prefixes. Immutable; a change creates a new index.
/// </summary>
internal sealed class LiveIndex
{
    public static readonly LiveIndex Empty = new(
        Interest.None, ImmutableDictionary<Symbol, Interest>.Empty, FrozenDictionary<string, Interest>.Empty);

    private readonly Interest everywhere;
    private readonly ImmutableDictionary<Symbol, Interest> named;
    private readonly FrozenDictionary<string, Interest> byBeginning;
    private readonly int[] lengths; // lengths of the prefixes, each once

    private LiveIndex(Interest everywhere, ImmutableDictionary<Symbol, Interest> named, FrozenDictionary<string, Interest> byBeginning)
    {
        (this.everywhere, this.named, this.byBeginning) = (everywhere, named, byBeginning);
        lengths = [.. byBeginning.Keys.Select(beginning => beginning.Length).Distinct().Order()];
        IsEmpty = everywhere.IsNone && named.IsEmpty && byBeginning.Count == 0;
    }

    public bool IsEmpty { get; }

    public LiveIndex With(LiveReader reader, SymbolScope scope) => Change(scope, interest => interest.With(reader));

    public LiveIndex Without(LiveReader reader, SymbolScope scope) => Change(scope, interest => interest.Without(reader));

    /// <summary>The readers of a topic of a symbol, each once.</summary>
    public Readers Of(Symbol symbol, LiveTopic topic) => new(this, symbol, topic);

    private LiveIndex Change(SymbolScope scope, Func<Interest, Interest> change)
    {
        if (scope.IsAll) return new LiveIndex(change(everywhere), named, byBeginning);
        var names = named.ToBuilder();
        foreach (var symbol in scope.Named)
        {
            var changed = change(names.GetValueOrDefault(symbol, Interest.None));
            if (changed.IsNone) names.Remove(symbol);
            else names[symbol] = changed;
        }

        if (scope.Beginnings.Count == 0) return new LiveIndex(everywhere, names.ToImmutable(), byBeginning);
        var beginnings = byBeginning.ToDictionary();
        foreach (var beginning in scope.Beginnings)
        {
            var changed = change(beginnings.GetValueOrDefault(beginning, Interest.None));
            if (changed.IsNone) beginnings.Remove(beginning);
            else beginnings[beginning] = changed;
        }

        return new LiveIndex(everywhere, names.ToImmutable(), beginnings.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Enumerator of the readers of a topic of a symbol.</summary>
    internal struct Readers(LiveIndex index, Symbol symbol, LiveTopic topic)
    {
        private LiveReader[] some = index.everywhere.Of(topic);
        private int next;
        private int step; // 0: all symbols; 1: by name; from 2: by prefixes

        public LiveReader Current { get; private set; } = null!;

        public readonly Readers GetEnumerator() => this;

        public bool MoveNext()
        {
            while (next == some.Length)
            {
                if (step > index.lengths.Length) return false;
                some = (step == 0 ? index.named.GetValueOrDefault(symbol, Interest.None) : Begun(index.lengths[step - 1])).Of(topic);
                step++;
                next = 0;
            }

            Current = some[next++];
            return true;
        }

        private readonly Interest Begun(int length) => length <= symbol.Name.Length
            && index.byBeginning.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(symbol.Name.AsSpan(0, length), out var found)
            ? found
            : Interest.None;
    }

    /// <summary>Readers by topic.</summary>
    private readonly record struct Interest(LiveReader[] Bars, LiveReader[] Late, LiveReader[] Ticks)
    {
        public static readonly Interest None = new([], [], []);

        public bool IsNone => Bars.Length + Late.Length + Ticks.Length == 0;

        public LiveReader[] Of(LiveTopic topic) => topic switch
        {
            LiveTopic.Bars => Bars,
            LiveTopic.Late => Late,
            _ => Ticks,
        };

        public Interest With(LiveReader reader) => new(
            reader.Filter.Bars ? [.. Bars, reader] : Bars,
            reader.Filter.Late ? [.. Late, reader] : Late,
            reader.Filter.Ticks ? [.. Ticks, reader] : Ticks);

        public Interest Without(LiveReader reader) => new(Left(Bars, reader), Left(Late, reader), Left(Ticks, reader));

        private static LiveReader[] Left(LiveReader[] all, LiveReader reader) => [.. all.Where(other => other != reader)];
    }
}
