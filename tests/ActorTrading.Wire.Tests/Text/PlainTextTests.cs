using System.Text;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Text;

/// <summary>Text of senders on a terminal: control characters have no effect, and the original text can be restored.</summary>
public class PlainTextTests
{
    [Theory]
    [InlineData("plain, C:\\temp\\new and \\d", "plain, C:\\temp\\new and \\d")]
    [InlineData("a\u001b[2Jb", @"a\u001b[2Jb")]
    [InlineData("line\r\nforged\ttab", @"line\u000d\u000aforged\u0009tab")]
    [InlineData("\u0000\u007f\u0080\u009b\u009f", @"\u0000\u007f\u0080\u009b\u009f")]
    [InlineData("\u202e\u2066\u2069\u200f\u2028", @"\u202e\u2066\u2069\u200f\u2028")]
    [InlineData(@"\u001b", @"\\u001b")]
    [InlineData("\\\u001b", @"\\\u001b")]
    [InlineData("币安人生 é 😀", "币安人生 é 😀")]
    public void Line_IsReadable_AndSteersNothing(string text, string expected)
    {
        Assert.Equal(expected, PlainText.Line(text));
        Assert.Equal(text, PlainText.Undo(expected));
    }

    [Fact]
    public void HalvesOfPairs_AreEscaped_AndPairsAreNot()
    {
        const string Text = "\ud83d\ude00 \ud83d \ude00\ud83d";
        Assert.Equal("\ud83d\ude00 \\ud83d \\ude00\\ud83d", PlainText.Line(Text));
        Assert.Equal(Text, PlainText.Undo(PlainText.Line(Text)));
    }

    [Fact]
    public void EveryCharacter_ComesBack_WhateverStandsAroundIt()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            foreach (var text in (string[])[$"{(char)c}", $"\\{(char)c}", $"\\\\{(char)c}001b", $"\\u{(char)c}\\u001b",
                $"u{(char)c}00ab\\u12"])
            {
                Assert.Equal(text, PlainText.Undo(PlainText.Line(text)));
            }
        }
    }

    [Fact]
    public void MixturesOfBackslashesAndEscapes_ComeBack()
    {
        var random = new Random(9);
        const string Some = "\\\\\\uu00112bBaf\u001b\n\r\t\u202e\ud83d\ude00 x";
        for (var i = 0; i < 200_000; i++)
        {
            var text = new StringBuilder();
            for (var left = random.Next(14); left > 0; left--) text.Append(Some[random.Next(Some.Length)]);
            Assert.Equal(text.ToString(), PlainText.Undo(PlainText.Line(text.ToString())));
            var shielded = PlainText.Shield(text.ToString());
            Assert.Equal(shielded, PlainText.Shield(shielded));
            Assert.Equal(PlainText.Line(text.ToString()), PlainText.Shield(PlainText.Line(text.ToString())));
        }
    }

    [Fact]
    public void Shield_KeepsLines_ButNoCarriageReturnThatGoesBack() =>
        Assert.Equal("one\r\ntwo\n\tthree\\u000dover", PlainText.Shield("one\r\ntwo\n\tthree\rover"));
}
