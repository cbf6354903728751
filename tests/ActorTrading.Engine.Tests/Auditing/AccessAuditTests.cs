using System.Text.Json;
using ActorTrading.Engine.Auditing;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Engine.Tests.Auditing;

/// <summary>Every change has its audit lines before its answer; the lines of rejections cannot fill the disk.</summary>
public sealed class AccessAuditTests : IDisposable
{
    private static readonly AuditRecord Put = new("ops", "10.0.0.7:4711", AuditPort.Http, AuditActions.PlanPut);

    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new();
    private readonly List<string> notices = [];

    private string Folder => Path.Combine(folder.Path, "audit");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Change_HasItsFirstLineBeforeItIsMade_AndItsLastBeforeItIsAnswered()
    {
        using var audit = New();
        var before = Array.Empty<JsonElement>();
        var answer = await audit.ChangeAsync(Put, Make, result => [new("before", "1a2b"), new("after", result)], _ => null);
        Assert.Equal("3c4d", answer);
        var begun = Assert.Single(before);
        Assert.Equal(("ops", "10.0.0.7:4711", "http", "plan.put", "begun"), Told(begun));
        var done = Lines()[^1];
        Assert.Equal(("ops", "10.0.0.7:4711", "http", "plan.put", "done"), Told(done));
        Assert.Equal("2024-07-09T00:00:00.000000Z", done.GetProperty("time").GetString());
        Assert.Equal("""{"before":"1a2b","after":"3c4d"}""", done.GetProperty("details").GetRawText());
        Assert.Equal(begun.GetProperty("change").GetInt64(), done.GetProperty("change").GetInt64());

        Task<string> Make()
        {
            before = Lines();
            return Task.FromResult("3c4d");
        }
    }

    [Fact]
    public async Task ChangeThatFails_HasItsReason_AndItsCallerTheException()
    {
        using var audit = New();
        await Assert.ThrowsAsync<InvalidDataException>(() => audit.ChangeAsync<int>(
            Put, () => throw new InvalidDataException("no"), _ => [], fault => fault is InvalidDataException ? "plan_not_changed" : null));
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => audit.ChangeAsync<int>(Put, () => throw new OperationCanceledException(), _ => [], _ => null));
        await Assert.ThrowsAsync<FormatException>(() => audit.ChangeAsync<int>(Put, () => throw new FormatException(), _ => [], _ => null));
        Assert.Equal(
            ["begun ", "failed plan_not_changed", "begun ", "failed cancelled", "begun ", "failed internal"],
            Lines().Select(line =>
                $"{line.GetProperty("outcome").GetString()} {(line.TryGetProperty("reason", out var reason) ? reason.GetString() : "")}"));
        Assert.Equal(3, Lines().Select(line => line.GetProperty("change").GetInt64()).Distinct().Count());
    }

    [Fact]
    public async Task DiskThatTakesNoLine_LetsNothingBeChanged_UntilItTakesLinesAgain()
    {
        await File.WriteAllTextAsync(Folder, "in the way"); // no file can be created below it
        using var audit = New();
        var isMade = false;
        var fault = await Assert.ThrowsAsync<AuditException>(() => Change());
        Assert.Contains("cannot be written", fault.Message);
        Assert.False(isMade);
        Assert.NotNull(audit.Problem);
        audit.Refuse(Denial(1));
        File.Delete(Folder);
        Assert.Equal(1, await Change());
        Assert.True(isMade);
        Assert.Null(audit.Problem);
        Assert.Equal(["refused", "begun", "done"], Lines().Select(line => line.GetProperty("outcome").GetString()));
        Assert.Equal(2, notices.Count);

        Task<int> Change() => audit.ChangeAsync(
            Put,
            () =>
            {
                isMade = true;
                return Task.FromResult(1);
            },
            _ => [],
            _ => null);
    }

    [Fact]
    public async Task RefusalsThatAFullDiskDoesNotTake_AreWrittenLater_OrCounted()
    {
        await File.WriteAllTextAsync(Folder, "in the way");
        using var audit = New(new AuditOptions { DenialsPerSecond = 100_000, Time = time, OnNotice = notices.Add });
        for (var peer = 0; peer < 3_000; peer++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            audit.Refuse(Denial(peer));
        }

        File.Delete(Folder);
        await Until.True(() => audit.Problem is null && Directory.Exists(Folder) && Written() == 3_000, "all are written or counted");
        Assert.Contains(Lines(), line => line.GetProperty("action").GetString() == "audit.lost");
    }

    [Fact]
    public async Task RefusalsFasterThanTheDisk_AreWrittenOrCounted()
    {
        using var audit = New(new AuditOptions { DenialsPerSecond = 100_000, Time = time, OnNotice = notices.Add });
        for (var peer = 0; peer < 20_000; peer++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            audit.Refuse(Denial(peer));
        }

        await Until.True(() => Written() == 20_000, "all are written or counted");
        Assert.Empty(notices);
    }

    [Fact]
    public async Task OneAddress_HasALineASecond_WithTheNumberOfThoseLeftOut()
    {
        using var audit = New();
        for (var port = 1; port <= 5_000; port++) audit.Refuse(Denial(7, port));
        audit.Refuse(Denial(8));
        await Until.True(() => Written() == 2, "each address has a line");
        time.Advance(TimeSpan.FromSeconds(1));
        await Until.True(() => Written() == 5_001, "the others are counted");
        Assert.Equal([1, 1, 4_999], Lines().Select(CountOf).Order());
        audit.Refuse(Denial(7));
        time.Advance(TimeSpan.FromSeconds(1));
        await Until.True(() => Written() == 5_002, "it goes on");
    }

    [Fact]
    public async Task StrangerFromTheAddressOfAKnownCaller_HidesNoneOfItsRefusals()
    {
        using var audit = New();
        for (var port = 1; port <= 100; port++) audit.Refuse(Denial(7, port));
        audit.Refuse(Denial(7) with { Caller = "reader", Reason = "not_allowed" });
        await Until.True(() => Lines().Any(line => line.GetProperty("caller").GetString() == "reader"), "the known caller has its line");
    }

    [Fact]
    public async Task ManyAddresses_WriteNoMoreThanSoManyLinesASecond_AndMissNone()
    {
        using var audit = New(new AuditOptions { DenialsPerSecond = 16, Time = time });
        for (var peer = 0; peer < 100_000; peer++) audit.Refuse(Denial(peer));
        await Until.True(() => Lines().Length == 16, "the first are written");
        audit.Dispose();
        Assert.InRange(Lines().Length, 17, 16 + 1_025);
        Assert.Equal(100_000, Written());
    }

    [Theory]
    [InlineData("10.1.2.3:80", "10.1.2.3:81")]
    [InlineData("[::ffff:10.1.2.3]:80", "10.1.2.3:81")]
    [InlineData("[2001:db8:1:2::1]:80", "[2001:db8:1:2:ffff::2]:9")]
    public void Address_IsThatOfASite(string one, string other) =>
        Assert.Equal(DenialThrottle.AddressOf(one), DenialThrottle.AddressOf(other));

    [Fact]
    public async Task FilesThatAreTooLarge_GoOldestFirst_AndLinesGoOnInANewFileAtEachStart()
    {
        for (var start = 0; start < 3; start++)
        {
            using var audit = New(new AuditOptions { FileBytes = 400, TotalBytes = 1_000, Time = time });
            for (var line = 0; line < 4; line++) await audit.WriteAsync(Put with { Target = $"{start}-{line}" });
        }

        var targets = Lines().Select(line => line.GetProperty("target").GetString()).ToList();
        Assert.Equal("2-3", targets[^1]);
        Assert.True(targets.Count < 12, "the oldest are there yet");
        Assert.Equal(targets.Order(StringComparer.Ordinal), targets);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(2_500)]
    [InlineData(100_000)]
    public async Task LastLines_AreReadAcrossFiles_AndPartsOfThem_WithoutTornOnes(int most)
    {
        for (var start = 0; start < 3; start++)
        {
            using (var audit = New(new AuditOptions { FileBytes = 150_000, Time = time }))
            {
                var lines = Enumerable.Range(0, 1_000).Select(
                    line => audit.WriteAsync(Put with { Target = $"{start}-{line}-{new string('x', line % 300)}" }));
                await Task.WhenAll(lines.ToList());
            }

            await File.AppendAllTextAsync(
                Directory.GetFiles(Folder).Order(StringComparer.Ordinal).Last(), """{"time":"2024-07-09T00:00:""");
        }

        var all = Directory.GetFiles(Folder).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Where(line => line.EndsWith('}'))
            .Reverse().ToList();
        Assert.Equal(3_000, all.Count);
        Assert.Equal(all.Take(most), AuditReader.Newest(Folder, most).Select(line => line.GetRawText()));
    }

    [Fact]
    public async Task TextsOfStrangers_AreBounded_AndStayLines()
    {
        using var audit = New();
        await audit.WriteAsync(Put with { Target = "a\nb\u001b[2J\ud800" });
        await audit.WriteAsync(Put with { Target = new string('x', 100_000) });
        Assert.Equal("a\nb\u001b[2J\ufffd", Lines()[0].GetProperty("target").GetString());
        Assert.Equal(257, Lines()[1].GetProperty("target").GetString()!.Length);
    }

    private static AuditRecord Denial(int peer, int port = 1) =>
        new(AuditRecord.Unknown, $"10.{peer >> 16}.{(peer >> 8) & 255}.{peer & 255}:{port}", AuditPort.Tcp, AuditActions.Access)
        {
            Reason = "hello_required",
        };

    private static long CountOf(JsonElement line) => line.TryGetProperty("count", out var count) ? count.GetInt64() : 1;

    private static (string? Caller, string? Peer, string? Port, string? Action, string? Outcome) Told(JsonElement line) => (
        line.GetProperty("caller").GetString(), line.GetProperty("peer").GetString(), line.GetProperty("door").GetString(),
        line.GetProperty("action").GetString(), line.GetProperty("outcome").GetString());

    private AccessAudit New(AuditOptions? options = null) =>
        new(Folder, options ?? new AuditOptions { Time = time, OnNotice = notices.Add });

    private long Written() => Lines().Sum(CountOf);

    private JsonElement[] Lines()
    {
        if (!Directory.Exists(Folder)) return [];
        var lines = new List<JsonElement>();
        foreach (var file in Directory.GetFiles(Folder, "access-*.ndjson").Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            lines.AddRange(reader.ReadToEnd().Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement));
        }

        return [.. lines];
    }
}
