using System.Text;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Interning table of symbols: the same instance for the same name, whether or not its letters are composed. Thread-safe.
/// </summary>
public sealed class SymbolTable(int maxCount = NameTable<Symbol>.DefaultMaxCount) : NameTable<Symbol>(maxCount)
{
    /// <summary>Symbols known to a node are kept (<see cref="Symbol.Mark"/>).</summary>
    private protected override bool IsInUse(Symbol value) => value.Mark is not null;

    private protected override Symbol? Make(ReadOnlySpan<char> name)
    {
        if (!Symbol.TryParse(name, out var symbol)) return null;
        if (name.SequenceEqual(symbol.Name)) return symbol;
        return TryGet(Encoding.UTF8.GetBytes(symbol.Name), out var composed) ? composed : symbol; // one instance for both spellings
    }
}
