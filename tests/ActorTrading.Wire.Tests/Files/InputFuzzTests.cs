using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Tests.Files;

/// <summary>Whatever an input holds, it is read, refused in part or refused as a whole; nothing else is thrown, and every record read is counted once.</summary>
public class InputFuzzTests
{
    private static readonly string[] Seeds =
    [
        "Date,Open,High,Low,Close,Volume\n2024-01-05,1,2,0.5,1.5,10\n2024-01-04,1,2,0.5,1.5,10\n",
        "Price,Close,High,Low,Open,Volume\nTicker,MSFT,MSFT,MSFT,MSFT,MSFT\nDate,,,,,\n2023-02-17,254.5,256.5,252.4,255.8,30000100\n",
        "1735689600000000,93576.0,93702.15,93489.03,93702.15,22.8,1735689659999999,2134812.46,1,2,3,0\n",
        "\"Date\";\"Eröffnung\";\"Hoch\";\"Tief\";\"Schluss\"\r\n\"05.01.2024\";\"43.968,3\";\"44.353,1\";\"42.639,9\";\"43.900,0\"\r\n",
        "\"01/05/2024\",\"43,968.3\",\"44,156.9\",\"65.29K\"\n",
        "<TICKER>,<DTYYYYMMDD>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\nAUDJPY,20010102,100,64.30,64.30,64.30,64.30,4\n",
        "sep=;\ndate;time;price;size\n2024-01-05;09:30;1;2\n",
        "{\"stream\":\"x\",\"data\":{\"e\":\"trade\",\"s\":\"BTCUSDT\",\"p\":\"93576.00\",\"q\":\"0.01\",\"T\":1735689600009}}\n{\"AAPL\":{\"open\":1,\"high\":2,\"low\":1,\"close\":2,\"datetime\":1720522800000}}\n",
        "{\"arg\":{\"instId\":\"BTC-USDT\"},\"data\":[{\"px\":\"42219.9\",\"sz\":\"0.12\",\"side\":\"buy\",\"ts\":\"1630048897897\"}],\"trades\":[[1,2,3]]}\n",
        "[[1735689600000,\"93576.0\",\"93702.15\",\"93489.03\",\"93702.15\",\"22.8\"],\n [1735689660000,1,2,1,2,5]]\n",
        "time,symbol,bid,ask\nJan 05, 2024 9:30 PM,EURUSD,,1.1\n20240105 093000 US/Eastern,EURUSD,1,\n",
    ];

    [Fact]
    public void MutatedInputs_AreReadOrRefused()
    {
        var fuzz = new Fuzz(seed: 5, rounds: 20_000);
        var options = new ReadOptions { Parser = new ParserOptions { DefaultSymbol = Symbol.Parse("X") } };
        var records = 0;
        while (fuzz.Next())
        {
            var sink = new Collected();
            var text = fuzz.Distort(Encoding.UTF8.GetBytes(fuzz.OneOf(Seeds)));
            try
            {
                RecordFile.Read(new MemoryStream(text), "fuzz", options, sink);
            }
            catch (InputException)
            {
                // Refused as a whole.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {fuzz.Seed}: {e.GetType().Name} for {Encoding.UTF8.GetString(text)}\n{e.StackTrace}");
            }

            records += sink.Records.Count;
        }

        Assert.True(records > 1_000, $"{records} records");
    }
}
