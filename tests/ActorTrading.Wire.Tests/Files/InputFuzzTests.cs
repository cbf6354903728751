using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>
/// Whatever an input holds, it is read, refused in part or refused as a whole; nothing else is thrown, and in pieces it gives what it gives as a whole.
/// In the long form each reader gets a million inputs.
/// </summary>
public class InputFuzzTests
{
    private static readonly Dictionary<string, string[]> Seeds = new()
    {
        ["tables"] =
        [
            "Date,Open,High,Low,Close,Volume\n2024-01-05,1,2,0.5,1.5,10\n2024-01-04,1,2,0.5,1.5,10\n",
            "\"Date\";\"Eröffnung\";\"Hoch\";\"Tief\";\"Schluss\"\r\n\"05.01.2024\";\"43.968,3\";\"44.353,1\";\"42.639,9\";\"43.900,0\"\r\n",
            "<TICKER>,<DTYYYYMMDD>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\nAUDJPY,20010102,100,64.30,64.30,64.30,64.30,4\n",
            "sep=;\ndate;time;price;size\n2024-01-05;09:30;1;2\n",
            "time,symbol,bid,ask\nJan 05, 2024 9:30 PM,EURUSD,,1.1\n20240105 093000 US/Eastern,EURUSD,1,\n",
        ],
        ["headers of several lines"] =
            ["Price,Close,High,Low,Open,Volume\nTicker,MSFT,MSFT,MSFT,MSFT,MSFT\nDate,,,,,\n2023-02-17,254.5,256.5,252.4,255.8,30000100\n"],
        ["tables without a header"] =
        [
            "1735689600000000,93576.0,93702.15,93489.03,93702.15,22.8,1735689659999999,2134812.46,1,2,3,0\n",
            "\"01/05/2024\",\"43,968.3\",\"44,156.9\",\"65.29K\"\n",
            "20120201 000000;1.306600;1.306600;1.306560;1.306560;0\n",
        ],
        ["messages"] =
        [
            "{\"stream\":\"x\",\"data\":{\"e\":\"trade\",\"s\":\"BTCUSDT\",\"p\":\"93576.00\",\"q\":\"0.01\",\"T\":1735689600009}}\n"
                + "{\"AAPL\":{\"open\":1,\"high\":2,\"low\":1,\"close\":2,\"datetime\":1720522800000}}\n",
            "{\"arg\":{\"instId\":\"BTC-USDT\"},\"data\":[{\"px\":\"42219.9\",\"sz\":\"0.12\",\"side\":\"buy\",\"ts\":\"1630048897897\"}],\"trades\":[[1,2,3]]}\n",
            "{\"symbol\":\"X\",\"ts\":\"2024-07-09 07:00:00\",\"timezone\":\"America/New_York\",\"price\":1}\n",
        ],
        ["rows of arrays"] =
        [
            "[[1735689600000,\"93576.0\",\"93702.15\",\"93489.03\",\"93702.15\",\"22.8\"],\n [1735689660000,1,2,1,2,5]]\n",
            "{\"error\":[],\"result\":{\"XXBTZUSD\":[[1616662800,\"5.9\",\"5.9\",\"5.0\",\"5.1\",\"5.0\",\"1.52\",26]],\"last\":1616662920}}",
            "{\"error\":[],\"result\":{\"XXBTZUSD\":[[\"5.4\",\"0.3\",1688668397.827,\"b\",\"m\",\"\",61044952]],\"last\":\"1688668399000150842\"}}",
            "{\"data\":{\"candles\":[[\"2024-07-09T16:30:00+0530\",1,3,0.5,2,10],[\"2024-07-09T16:31:00+0530\",2,4,1,3,20]]}}",
        ],
        ["columns"] =
        [
            "{\"s\":\"ok\",\"t\":[1720522800,1720522860],\"o\":[1,2],\"h\":[3,4],\"l\":[0.5,1],\"c\":[2,3],\"v\":[10,20]}",
            "{\"timestamp\":[1720522800,null],\"open\":[\"1\",\"2\"],\"high\":[\"3\",\"\\u0034\"],\"low\":[\"0.5\",\"1\"],\"close\":[\"2\",\"3\"]}",
            "{\"chart\":{\"result\":[{\"meta\":{\"symbol\":\"A\",\"gmtoffset\":-14400,\"dataGranularity\":\"1d\"},\"timestamp\":[1720531800],"
                + "\"indicators\":{\"quote\":[{\"open\":[1],\"high\":[3],\"low\":[0.5],\"close\":[2],\"volume\":[10]}],\"adjclose\":[{\"adjclose\":[1]}]}}],\"error\":null}}",
        ],
        ["series"] =
        [
            "{\"Meta Data\":{\"2. Symbol\":\"IBM\",\"4. Interval\":\"5min\",\"6. Time Zone\":\"US/Eastern\"},\n\"Time Series (5min)\":{\n\"2024-07-09 15:55:00\":"
                + "{\"1. open\":\"2\",\"2. high\":\"3\",\"3. low\":\"1\",\"4. close\":\"2.5\",\"5. volume\":\"10\"},\n\"2024-07-09 15:50:00\":"
                + "{\"1. open\":\"1\",\"2. high\":\"3\",\"3. low\":\"0.5\",\"4. close\":\"2\",\"5. volume\":\"20\"}}}",
            "{\"2024-07-08\":{\"open\":1,\"high\":2,\"low\":1,\"close\":2},\"2024-07-09\":{\"open\":1,\"high\":2,\"low\":1,\"close\":2}}",
        ],
    };

    /// <summary>The readers.</summary>
    public static TheoryData<string> Readers { get; } = [.. Seeds.Keys];

    [Theory]
    [MemberData(nameof(Readers))]
    public void MutatedInputs_AreReadOrRefused_AndInPiecesTheSame(string reader)
    {
        var fuzz = new Fuzz(seed: 5, rounds: 1_500, longRounds: 1_000_000);
        var options = new ReadOptions { Source = Source.Parse("fuzz"), Parser = new ParserOptions { DefaultSymbol = Symbol.Parse("X") } };
        var records = 0;
        while (fuzz.Next())
        {
            var text = fuzz.Distort(Encoding.UTF8.GetBytes(fuzz.OneOf(Seeds[reader])));
            try
            {
                var whole = Whole(text, options);
                var pieces = Pieces(text, options, fuzz);
                records += whole.Sink.Records.Count;
                if (pieces is null) continue;
                Assert.Equal(whole.Refusal, pieces.Value.Refusal);
                Assert.Equal(whole.Sink.Records, pieces.Value.Sink.Records);
                Assert.Equal(whole.Sink.Rejected, pieces.Value.Sink.Rejected);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {fuzz.Seed}: {e.GetType().Name} {e.Message} for {Encoding.UTF8.GetString(text)}\n{e.StackTrace}");
            }
        }

        Assert.True(records > 200, $"{records} records");
    }

    private static (Collected Sink, string? Refusal) Whole(byte[] text, ReadOptions options)
    {
        var sink = new Collected();
        try
        {
            RecordFile.Read(new MemoryStream(text), "fuzz", options, sink);
            return (sink, null);
        }
        catch (InputException e)
        {
            return (sink, e.Message);
        }
    }

    /// <summary>The same over a connection; null where that does not take what a file may be: packed, or UTF-16.</summary>
    private static (Collected Sink, string? Refusal)? Pieces(byte[] text, ReadOptions options, Fuzz fuzz)
    {
        var sink = new Collected();
        var stream = new RecordStream("fuzz", options, sink);
        if (text is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [0x1f, 0x8b, ..] or [(byte)'P', (byte)'K', ..]) return null;
        try
        {
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(1 + fuzz.Below(40), text.Length - at);
                stream.Feed(text.AsSpan(at, length));
                at += length;
            }

            stream.Complete();
            return (sink, null);
        }
        catch (InputException e)
        {
            return (sink, e.Message);
        }
    }
}
