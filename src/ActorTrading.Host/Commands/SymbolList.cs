using System.CommandLine;
using Symbol = ActorTrading.Domain.Values.Symbol;

namespace ActorTrading.Host.Commands;

/// <summary>The option <c>--symbols A,B,...</c>.</summary>
internal static class SymbolList
{
    public static Option<IReadOnlyList<Symbol>> Option(string description) => new("--symbols")
    {
        Description = description,
        HelpName = "A,B,...",
        DefaultValueFactory = _ => [],
        CustomParser = static result =>
        {
            var symbols = new List<Symbol>();
            foreach (var name in result.Tokens.SelectMany(
                token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            {
                if (Symbol.TryParse(name, out var symbol)) symbols.Add(symbol);
                else result.AddError($"'{name}' is not a symbol.");
            }

            return [.. symbols.Distinct().Order()];
        },
    };
}
