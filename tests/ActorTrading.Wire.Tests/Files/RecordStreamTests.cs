using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Files;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>Input in pieces gives the same as in a file.</summary>
public class RecordStreamTests
{
    private static readonly ReadOptions Options = new() { Source = Source.Parse("pieces") };

    [Theory]
    [InlineData("{\"symbol\":\"A\",\"ts\":1720522800000000000,\"price\":1,\"size\":1}\n{\"symbol\":\"B\",\"ts\":1720522800000000000,"
        + "\"price\":-2,\"size\":1}\nnonsense\n")]
    [InlineData("[{\"symbol\":\"A\",\"ts\":1720522800000000000,\"price\":1,\"size\":1},\n{\"symbol\":\"B\",\"ts\":1720522800000000000,"
        + "\"price\":2}]")]
    [InlineData("timestamp,symbol,price,size\n2024-07-09T11:00:00Z,A,1,5\n2024-07-09T11:00:01Z,B,x,5")]
    [InlineData("\uFEFF{\"symbol\":\"A\",\"ts\":1720522800000000000,\"price\":1,\"size\":1}")]
    public void CutAnywhere_GivesWhatTheFileGives(string text)
    {
        var whole = Encoding.UTF8.GetBytes(text);
        var expected = new Collected();
        RecordFile.Read(new MemoryStream(whole), "pieces", Options, expected);
        Assert.NotEmpty(expected.Records);

        for (var cut = 0; cut <= whole.Length; cut++) Same(expected, Read(whole[..cut], whole[cut..]));
        Same(expected, Read([.. whole.Select(one => new[] { one })]));
    }

    [Fact]
    public void LongInput_IsReadToItsEnd_HoweverThePiecesFallAroundTheProbe()
    {
        var text = string.Concat(
            Enumerable.Range(1, 300).Select(seq => $"{{\"symbol\":\"A\",\"ts\":17205228{seq:d5}000000,\"price\":{seq},\"size\":1}}\n"));
        var whole = Encoding.UTF8.GetBytes(text);
        foreach (var cut in (int[])[1, 4095, 4096, 4097, whole.Length - 1])
            Assert.Equal(300, Read(whole[..cut], whole[cut..]).Records.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("hello")]
    public void WhatCannotBeRead_IsRefused(string text) => Assert.Throws<InputException>(() => Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void PackedInput_IsRefused() => Assert.Throws<InputException>(() => Read([0x1F, 0x8B, 8, 0]));

    private static Collected Read(params byte[][] pieces)
    {
        var sink = new Collected();
        var stream = new RecordStream("pieces", Options, sink);
        foreach (var piece in pieces) stream.Feed(piece);
        stream.Complete();
        return sink;
    }

    private static void Same(Collected expected, Collected actual)
    {
        Assert.Equal(expected.Records, actual.Records);
        Assert.Equal(expected.Rejected, actual.Rejected);
    }
}
