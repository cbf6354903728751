using System.Text.Json;
using ActorTrading.Host.Terminal;

namespace ActorTrading.Host.Tests.Terminal;

public sealed class JsonTablesTests
{
    [Fact]
    public void ArrayOfObjects_IsATable_WithExactNumbersToTheRight() => Assert.Equal(
        ["symbol   last_price", "AAPL          227.9", "BTC/USD    61000.10", "NEW"],
        Lines("""{"symbols":[{"symbol":"AAPL","last_price":227.9},{"symbol":"BTC/USD","last_price":61000.10},{"symbol":"NEW","last_price":null}]}"""));

    [Fact]
    public void Members_StandBelowEachOther_AndNestedOnesAfterThem() => Assert.Equal(
        ["balanced  yes", "sources", "  source  received", "  feed           3", "total", "  received  3"],
        Lines("""{"sources":[{"source":"feed","received":3}],"total":{"received":3},"balanced":true}"""));

    [Fact]
    public void EmptyTable_IsSaid() => Assert.Equal(["listed  yes", "symbols  none"], Lines("""{"listed":true,"symbols":[]}"""));

    private static string[] Lines(string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringWriter();
        JsonTables.Print(document.RootElement, text);
        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
