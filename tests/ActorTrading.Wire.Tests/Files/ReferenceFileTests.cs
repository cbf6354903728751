using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit;
using ActorTrading.Wire.Files;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Files;

public class ReferenceFileTests
{
    [ReferenceTheory]
    [InlineData("trades", "binance_spot_btcusdt_20240808.csv.gz", 9_757, RecordKind.Tick)]
    [InlineData("trades", "binance_spot_ethusdt_20240808.csv.gz", 6_106, RecordKind.Tick)]
    [InlineData("trades", "bitstamp_btcusd_20110913_20120531.csv", 9_999, RecordKind.Tick)]
    [InlineData("trades", "fxcm_eurusd_quoteticks_201405.csv.gz", 1_144_807, RecordKind.Quote)]
    [InlineData("bars", "spy_1m_201101.csv.gz", 14_180, RecordKind.Bar)]
    [InlineData("bars", "spy_1m_20201215_18.csv", 1_564, RecordKind.Bar)]
    [InlineData("bars", "coinbase_btcusd_1m.csv.gz", 12_423, RecordKind.Bar)]
    [InlineData("bars", "coinbase_ethusd_1m.csv", 5_329, RecordKind.Bar)]
    [InlineData("bars", "coinbase_ltcusd_1m.csv", 3_887, RecordKind.Bar)]
    [InlineData("bars", "coinbase_btceur_1m.csv", 3_663, RecordKind.Bar)]
    [InlineData("bars", "coinbase_btcusd_1s.csv.gz", 11_520, RecordKind.Bar)]
    [InlineData("bars", "spy_1d_2017_2018.csv", 502, RecordKind.Bar)]
    [InlineData("bars", "spx_1d_longish.csv", 5_285, RecordKind.Bar)]
    [InlineData("bars", "msft_1d_1990.csv", 8_111, RecordKind.Bar)]
    public void RecordedMarket_IsReadToTheLastRow(string folder, string file, int rows, RecordKind kind)
    {
        var counts = new Counts();
        var parser = new ParserOptions { DefaultSymbol = Symbol.Parse("DEFAULT") };
        RecordFile.Read(ReferenceData.PathOf(folder, file), new ReadOptions { Parser = parser }, counts);
        Assert.Equal((rows, rows, 0), (counts.Records, counts.ByKind[(int)kind], counts.Rejected));
    }

    [ReferenceTheory]
    [InlineData("fxcm_eurusd_second_bid_ask_201405.csv.gz")]
    [InlineData("fxcm_eurusd_minute_bid_ask_201405.csv.gz")]
    public void BarsOfBidAndAsk_AreRefusedWithTheColumnThatIsMissing(string file)
    {
        var e = Assert.Throws<InputException>(() => RecordFile.Read(ReferenceData.PathOf("bars", file), new ReadOptions(), new Counts()));
        Assert.Contains("missing column 'price'; found: time,bid_o,bid_h", e.Message, StringComparison.Ordinal);
    }

    private sealed class Counts : IRecordSink
    {
        public int Records { get; private set; }

        public int Rejected { get; private set; }

        public int[] ByKind { get; } = new int[256];

        public void OnRecord(in Record record)
        {
            Records++;
            ByKind[(int)record.Kind]++;
        }

        public void OnRejected(in RejectedInput input) => Rejected++;
    }
}
