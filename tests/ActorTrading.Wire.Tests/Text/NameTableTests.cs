using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Text;

public class NameTableTests
{
    [Fact]
    public void EachName_KeepsItsOneSymbol()
    {
        var table = new SymbolTable();
        var names = Enumerable.Range(0, 20_000).Select(i => new string((char)('A' + (i % 26)), (i % 40) + 1) + i).ToArray();
        var symbols = names.Select(name => Get(table, name)).ToArray();
        Assert.Equal(names, symbols.Select(symbol => symbol!.Name));
        Assert.Equal(20_000, table.Count);
        for (var i = 0; i < names.Length; i++) Assert.Same(symbols[i], Get(table, names[i]));
    }

    [Fact]
    public void NamesThatDifferOnlyInTheMiddle_AreDifferent()
    {
        var table = new SymbolTable();
        for (var length = 1; length <= Symbol.MaxLength; length++)
        {
            var seen = new HashSet<Symbol>();
            for (var at = 0; at < length; at++)
                Assert.True(seen.Add(Get(table, new string('x', at) + "y" + new string('x', length - at - 1))!));
            Assert.True(seen.Add(Get(table, new string('x', length))!));
        }
    }

    [Fact]
    public void NamesThatDifferOnlyAtTheirEnd_SpreadOverTheTable()
    {
        foreach (var prefix in new[] { "S", "SYM", "SYMBOL", "SYMBOL-NAME-", "A-VERY-LONG-SYMBOL-NAME-" })
        {
            var slots = Enumerable.Range(0, 1000)
                .Select(i => new NameKey(Encoding.ASCII.GetBytes(prefix + i)).Slot(2048)).Distinct().Count();
            Assert.InRange(slots, 650, 1000); // 791 in a random sample
        }
    }

    [Theory]
    [InlineData("BRK B")]
    [InlineData("SPXW  260120P06835000")]
    [InlineData("币安人生USDT")]
    [InlineData("ÄPFEL")]
    [InlineData("🚀USDT")]
    [InlineData("21742633143463906290569050155826241533067272736897614950488156847949938836455")]
    public void SymbolsOfAnyScript_AreKept(string name)
    {
        var table = new SymbolTable();
        var symbol = table.TryGet(Encoding.UTF8.GetBytes(name), out var found) ? found : null;
        Assert.Equal(name, symbol?.Name);
        Assert.True(table.TryGet(Encoding.UTF8.GetBytes(name), out var again));
        Assert.Same(symbol, again);
    }

    /// <summary>The other spellings are those in Unicode's NormalizationTest; the composed ones are their NFC.</summary>
    [Theory]
    [InlineData("caf\u0065\u0301", "caf\u00e9")]
    [InlineData("A\u0308PFEL", "\u00c4PFEL")]
    [InlineData("\u0045\u0323\u0302", "\u1ec6")]
    [InlineData("\u0045\u0302\u0323", "\u1ec6")] // marks in the reverse order
    [InlineData("\u00ca\u0323", "\u1ec6")] // half composed
    [InlineData("\u0061\u0302\u0301", "\u1ea5")]
    [InlineData("\u0041\u030a", "\u00c5")]
    [InlineData("\u212b", "\u00c5")] // the angstrom sign
    [InlineData("\u2126", "\u03a9")] // the ohm sign
    [InlineData("\u212a", "K")] // the kelvin sign
    [InlineData("\u1112\u1161\u11ab\u1100\u116e\u11a8", "\ud55c\uad6d")]
    [InlineData("\uac00\u11a8", "\uac01")]
    [InlineData("\u30ab\u3099\u30b9", "\u30ac\u30b9")]
    [InlineData("\u306f\u309a", "\u3071")]
    [InlineData("\u0418\u0306", "\u0419")]
    [InlineData("\u03b1\u0342\u0345", "\u1fb7")]
    [InlineData("\u1f71", "\u03ac")] // alpha with oxia equals alpha with tonos
    [InlineData("\u0053\u0307\u0323", "\u1e68")]
    [InlineData("\u0075\u0308\u0304", "\u01d6")]
    public void NameWhoseLettersAreNotComposed_IsThatOfTheSameSymbol(string spelled, string name)
    {
        var table = new SymbolTable();
        var symbol = Get(table, spelled);
        Assert.Equal(name, symbol?.Name);
        Assert.Same(symbol, Get(table, name));
        Assert.Same(symbol, Get(table, spelled));
        Assert.Equal(Symbol.Parse(name), Symbol.Parse(spelled));
        Assert.Equal(Symbol.Parse(name).StableHash, Symbol.Parse(spelled).StableHash);
        Assert.Equal(name, Symbol.Respell(name));
    }

    [Fact]
    public void LongName_IsMeasuredComposed()
    {
        Assert.Equal(64, Get(new SymbolTable(), string.Concat(Enumerable.Repeat("e\u0301", 64)))!.Name.Length); // 128 bytes
        Assert.Null(Get(new SymbolTable(), string.Concat(Enumerable.Repeat("e\u0301", 65))));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ab")]
    [InlineData("a,b")]
    [InlineData("a\u00a0b")]
    [InlineData("B\u0308")] // an accent that no letter composes with: the same name would have two spellings
    [InlineData("\u3042\u3099")]
    [InlineData("\u1100")]
    [InlineData("\u1161\u11a8")]
    [InlineData("\uf900")] // a second spelling of U+8C48
    [InlineData("\ud87e\udc00")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890"
        + "123456789012345678901234567890123456789012345678901234567890123456789")]
    public void WhatIsNoName_IsNotKept(string name)
    {
        var table = new SymbolTable();
        Assert.Null(Get(table, name));
        Assert.Equal(0, table.Count);
        Assert.Null(Get(table, new string('x', 5000)));
    }

    [Fact]
    public void FullTableOfNamesInUse_StillResolvesOthersWithoutKeepingThem()
    {
        var table = new SymbolTable(maxCount: 2);
        var first = Get(table, "A")!;
        (first.Mark, Get(table, "B")!.Mark) = (this, this);
        Assert.Equal("C", Get(table, "C")!.Name);
        Assert.NotSame(Get(table, "C"), Get(table, "C"));
        Assert.Same(first, Get(table, "A"));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void EndlessNewNames_NeitherFillTheTable_NorKeepOutThoseInUse()
    {
        var table = new SymbolTable(maxCount: 1_000);
        var known = Enumerable.Range(0, 300).Select(number => Get(table, $"known{number}")!).ToList();
        foreach (var symbol in known) symbol.Mark = this;
        for (var number = 0; number < 20_000; number++)
        {
            Assert.Equal($"new{number}", Get(table, $"new{number}")!.Name);
            Assert.InRange(table.Count, 300, 1_000);
        }

        Assert.All(known, symbol => Assert.Same(symbol, Get(table, symbol.Name)));
        var late = Get(table, "late");
        Assert.Same(late, Get(table, "late")); // it is kept, although the table was full before
    }

    [Fact]
    public async Task ManyThreads_GetTheSameSymbols()
    {
        var table = new SymbolTable();
        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 5_000).Select(i => Get(table, $"S{i}")!).ToArray())));
        for (var i = 0; i < 5_000; i++)
        {
            foreach (var symbols in found) Assert.Same(found[0][i], symbols[i]);
        }

        Assert.Equal(5_000, table.Count);
    }

    [Fact]
    public void Anonymous_IsTheOneSource()
    {
        Assert.True(new SourceTable().TryGet("-"u8, out var source));
        Assert.Same(Source.Anonymous, source);
    }

    private static Symbol? Get(SymbolTable table, string name) =>
        table.TryGet(Encoding.UTF8.GetBytes(name), out var symbol) ? symbol : null;
}
