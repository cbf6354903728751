using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>The symbols seen so far: the same instance for the same name.</summary>
public sealed class SymbolTable(int maxCount = NameTable<Symbol>.DefaultMaxCount) : NameTable<Symbol>(maxCount)
{
    private protected override Symbol? Make(ReadOnlySpan<char> name) => Symbol.TryParse(name, out var symbol) ? symbol : null;
}
