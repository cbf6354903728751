using System.Buffers.Binary;
using ActorTrading.TestKit;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Bytes;
using FsCheck.Fluent;

namespace ActorTrading.Wire.Tests.Binary;

/// <summary>Random and distorted bytes: no exception, no endless loop, memory in proportion to the input.</summary>
public class BinaryFuzzTests
{
    // Rejections contain texts; a rejected row of five bytes costs a few hundred. No length in the input multiplies that.
    private const int AllocatedPerByte = 400;
    private const int AllocatedAtAll = 300_000;

    [Fact]
    public void RandomBytes_AreRefused_WhateverFollowsTheMagic()
    {
        var random = new Random(1);
        for (var run = 0; run < 2_000; run++)
        {
            var noise = new byte[random.Next(0, 200)];
            random.NextBytes(noise);
            AssertHarmless(noise, random);
            AssertHarmless([.. BinaryFormat.Magic, .. noise], random);
        }
    }

    [Fact]
    public void FlippedBits_AndLostOrForeignBytes_AreRefused_AndOnlyWhatWasWholeIsTaken()
    {
        var random = new Random(2);
        var records = RecordGenerators.Some(Gen.OneOf(RecordGenerators.Valid, RecordGenerators.Hostile), 200, seed: 3);
        var stream = Streams.Encode(records, batchBytes: 200);
        var lines = RecordText.Describe(records);
        for (var run = 0; run < 2_000; run++)
        {
            var sink = AssertHarmless(Distort(stream, random), random);
            Assert.Equal(lines.Take(sink.Records.Count), RecordText.Describe([.. sink.Records]));
        }
    }

    [Fact]
    public void NonsenseUnderARightChecksum_IsRefused_AndTheStreamGoesOn()
    {
        var random = new Random(4);
        var records = RecordGenerators.Some(Gen.OneOf(RecordGenerators.Valid, RecordGenerators.Hostile), 200, seed: 5);
        var stream = Streams.Encode(records, batchBytes: 200);
        for (var run = 0; run < 2_000; run++)
        {
            var distorted = stream.ToArray();
            for (var change = random.Next(1, 8); change > 0; change--) distorted[random.Next(4, distorted.Length)] = (byte)random.Next(256);
            Reseal(stream, distorted);
            AssertHarmless(distorted, random, isSound: true);
        }
    }

    [Fact]
    public void RandomPayloadsOfEveryType_UnderARightChecksum_AreRefused_AndTheStreamGoesOn()
    {
        var random = new Random(6);
        for (var run = 0; run < 3_000; run++)
        {
            var frames = Enumerable.Range(0, 10).Select(_ =>
            {
                var payload = new byte[random.Next(0, 60)];
                random.NextBytes(payload);
                if (random.Next(2) == 0 && payload.Length > 2)
                    (payload[0], payload[1]) = ((byte)(3 * random.Next(4)), (byte)random.Next(12));
                return Streams.Frame((FrameType)random.Next(0, 6), payload);
            });
            AssertHarmless(Streams.Of([Streams.SymbolFrame(1, "MSFT", 6, 8), .. frames]), random, isSound: true);
        }
    }

    [Fact]
    public void AnnouncedFrame_TakesNoMemoryBeforeItArrives()
    {
        var announced = new byte[] { (byte)'A', (byte)'T', (byte)'B', (byte)'1', 0, 0, 16, 0, 3 };
        var sink = new Counted();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) new BinaryDecoder(sink).Feed(announced);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 20_000);
    }

    private static Collected AssertHarmless(byte[] stream, Random random, bool isSound = false)
    {
        var sink = new Collected();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoder = new BinaryDecoder(sink);
        for (var at = 0; at < stream.Length;)
        {
            var piece = Math.Min(random.Next(1, 100), stream.Length - at);
            decoder.Feed(stream.AsSpan(at, piece));
            at += piece;
        }

        decoder.Complete();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, AllocatedAtAll + ((long)AllocatedPerByte * stream.Length));
        if (isSound) Assert.Null(decoder.Damage);
        return sink;
    }

    private static byte[] Distort(byte[] stream, Random random)
    {
        var bytes = stream.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes.RemoveRange(at, random.Next(bytes.Count - at)); break;
            }

            if (bytes.Count == 0) break;
        }

        return [.. bytes];
    }

    /// <summary>Restores the length and the checksum of each frame.</summary>
    private static void Reseal(byte[] original, byte[] distorted)
    {
        for (var at = 4; at < original.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(original.AsSpan(at));
            BinaryPrimitives.WriteInt32LittleEndian(distorted.AsSpan(at), length);
            var content = distorted.AsSpan(at + 4, length - 4);
            BinaryPrimitives.WriteUInt32LittleEndian(distorted.AsSpan(at + length), Crc32C.Of(content));
            at += 4 + length;
        }
    }
}
