using ActorTrading.Domain.Calendars;
using ActorTrading.Wire.Bytes;

namespace ActorTrading.Wire.Tests.Bytes;

public class FrameCodeTests
{
    [Theory]
    [InlineData(Frame.Tick, new byte[] { 0 })]
    [InlineData(Frame.OneSecond, new byte[] { 1 })]
    [InlineData(Frame.OneMinute, new byte[] { 2 })]
    [InlineData(Frame.FiveMinutes, new byte[] { 3 })]
    [InlineData(Frame.FifteenMinutes, new byte[] { 4 })]
    [InlineData(Frame.OneHour, new byte[] { 5 })]
    [InlineData(Frame.OneDay, new byte[] { 6 })]
    [InlineData((Frame)90, new byte[] { 7, 90 })]
    [InlineData((Frame)86_399, new byte[] { 7, 0xff, 0xa2, 5 })]
    [InlineData(Frame.OneWeek, new byte[] { 8 })]
    [InlineData(Frame.OneMonth, new byte[] { 9 })]
    public void Bytes_AreThoseOfTheDocument(Frame frame, byte[] expected)
    {
        Assert.Equal(expected, Write(frame));
        var reader = new ByteReader(expected);
        Assert.Equal(frame, reader.Frame());
        Assert.False(reader.Failed);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(255)]
    public void WhatIsNoFrame_KeepsItsCode(byte code)
    {
        var reader = new ByteReader([code]);
        var frame = reader.Frame();
        Assert.False(reader.Failed);
        Assert.False(frame.IsDefined());
        Assert.Equal([code], Write(frame));
    }

    [Theory]
    [InlineData(new byte[] { 7, 0 })]
    [InlineData(new byte[] { 7, 0x80, 0xa3, 5 })] // 86400
    [InlineData(new byte[] { 7 })]
    public void SecondsThatAreNoFrame_Fail(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Frame();
        Assert.True(reader.Failed);
    }

    private static byte[] Write(Frame frame)
    {
        var writer = new ByteWriter(new byte[FrameCode.MaxLength]);
        writer.Frame(frame);
        return writer.Written.ToArray();
    }
}
