using System.Text;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Wire.Tests.Text;

/// <summary>The hand-tuned parser against the one on System.Text.Json: both read the same.</summary>
public class DifferentialTests
{
    private static readonly string[] Seeds =
    [
        """{"symbol":"AAPL","ts":1720522800000000000,"price":227.99,"size":100,"seq":17}""",
        """{"symbol": "BTC/USD", "ts": 1720522800123, "price": 61837.63000000, "size": 0.00000001, "seq": 9223372036854775807}""",
        """{"ts":1720522800,"symbol":"A","price":"1","size":"0.5","source":"feed one","epoch":4,"seq":0}""",
        """{"kind":"tick","symbol":"ES=F","ts":"2024-07-09T11:00:00.123456789Z","price":5612.25,"size":1}""",
        """{"symbol":"X","ts":"2024-07-09 11:00:00","price":9999999999.99999999,"size":9999999999}""",
        """{"symbol":"SEVENTEEN-LETTERS-AND-MORE.THAN_THAT","ts":1720522800000000,"price":0.1,"source":"-"}""",
        """{"symbol":"ABCDEFGH","ts":9223372036,"price":10,"size":0,"seq":1,"epoch":0}""",
    ];

    private readonly ParserOptions options = new() { DefaultSource = Source.Parse("default") };

    [Fact]
    public void EverySeed_IsReadTheFastWay() =>
        Assert.All(Seeds, seed => Assert.True(Compare(Encoding.UTF8.GetBytes(seed))));

    [Fact]
    public void EveryTruncation_IsReadAlike()
    {
        foreach (var seed in Seeds.Select(Encoding.UTF8.GetBytes))
        {
            for (var length = 0; length <= seed.Length; length++) Compare(seed[..length]);
        }
    }

    [Fact]
    public void EveryByteReplacedByEveryOther_IsReadAlike()
    {
        foreach (var seed in Seeds.Select(Encoding.UTF8.GetBytes).Take(4))
        {
            for (var i = 0; i < seed.Length; i++)
            {
                var line = (byte[])seed.Clone();
                foreach (var value in "\"\\{}[]:, \t\r\n\0-+.eE0159azNTZ'/\x7f"u8)
                {
                    line[i] = value;
                    Compare(line);
                }
            }
        }
    }

    [Fact]
    public void RandomMutations_AreReadAlike()
    {
        var random = new Random(7);
        var accepted = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var line = Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]).ToList();
            for (var edits = random.Next(1, 4); edits > 0 && line.Count > 0; edits--) Mutate(line, random);
            if (Compare([.. line])) accepted++;
        }

        Assert.InRange(accepted, 2_000, 28_000); // both paths were used
    }

    [Fact]
    public void RandomFieldsInRandomOrder_AreReadAlike()
    {
        string[] names = ["symbol", "ts", "price", "size", "seq", "source", "epoch", "kind", "side", "Price", "x"];
        string[] values =
        [
            "\"AAPL\"", "\"tick\"", "\"trade\"", "\"\"", "null", "0", "00", "-0", "1", "17", "1720522800", "1720522800000000000",
            "99999999999", "100000000000", "99999999999999", "100000000000000", "99999999999999999", "100000000000000000",
            "9223372036854775807", "9223372036854775808", "18446744073709551616", "0.1", "1.", "1.5", "-1.5", "1e3", "1E-3", "1.123456789",
            "12345678901.5", "9999999999.99999999", "99999999999999999999", "\"1.5\"", "\"2024-07-09\"", "\"20240709\"", "\" 1\"",
            "\"NaN\"", "NaN", "true", "{}", "[1]", "\"A\\u0041\"", "\"\u00e9\"", "\"-\"",
        ];
        var random = new Random(11);
        var accepted = 0;
        for (var round = 0; round < 30_000; round++)
        {
            string[] usual = ["\"symbol\":\"A\"", "\"ts\":1720522800", "\"price\":2"];
            string[] all = [.. usual.Where(_ => random.Next(20) > 0), .. Enumerable.Range(0, random.Next(0, 3)).Select(_ => Field())];
            if (random.Next(2) == 0) all = [.. all.Skip(1), Field()];
            random.Shuffle(all);
            if (Compare(Encoding.UTF8.GetBytes($"{{{string.Join(random.Next(2) == 0 ? "," : ", ", all)}}}"))) accepted++;
        }

        Assert.InRange(accepted, 3_000, 25_000);

        string Field() => $"\"{names[random.Next(names.Length)]}\":{values[random.Next(values.Length)]}";
    }

    private static void Mutate(List<byte> line, Random random)
    {
        var at = random.Next(line.Count);
        switch (random.Next(6))
        {
            case 0:
                line[at] = (byte)random.Next(256);
                break;
            case 1:
                line[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                line.RemoveAt(at);
                break;
            case 3:
                line.Insert(at, (byte)"0123456789.,:\"{} -e\\"[random.Next(20)]);
                break;
            case 4: // a digit for a digit: lines that stay good
                while (at < line.Count && line[at] is < (byte)'0' or > (byte)'9') at++;
                if (at < line.Count) line[at] = (byte)('0' + random.Next(10));
                break;
            default: // a stretch twice, or moved
                var stretch = line.GetRange(at, Math.Min(random.Next(1, 20), line.Count - at));
                line.InsertRange(random.Next(line.Count), stretch);
                break;
        }
    }

    /// <summary>Whether the fast path read the line; fails if the two results differ.</summary>
    private bool Compare(byte[] line)
    {
        var read = new Collected();
        var stamps = new StampReader(options); // the slow path finds the unit of the times, the fast path uses it
        new JsonParser(options, stamps).Parse(line, 1, read);
        var fast = new CanonicalTickParser(options, stamps);
        if (!fast.TryParse(line, out var record)) return false;
        Assert.True(
            read is { Records: [var only], Rejected: [] } && only.Equals(record) && ReferenceEquals(only.Symbol, record.Symbol),
            $"{Encoding.UTF8.GetString(line)}: {Show(record)}, but {string.Join("; ", read.Records.Select(Show))} "
            + $"{string.Join("; ", read.Rejected)}");
        return true;
    }

    private static string Show(Record record) => $"{record.Kind} {record.Symbol} {record.Id} {record.Time} {record.A} {record.B}";
}
