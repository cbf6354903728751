using System.Diagnostics;
using System.Net.Http.Headers;

namespace ActorTrading.Lab.Hostile;

/// <summary>Samples a node once a second: memory, folder size, health.</summary>
internal sealed class NodeWatch(HostileNode node) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(30);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly HttpClient http = new() { BaseAddress = node.Victim.Api, Timeout = InTime };
    private readonly List<NodeSample> samples = [];

    /// <summary>The samples so far.</summary>
    public IReadOnlyList<NodeSample> Samples
    {
        get
        {
            lock (samples) return [.. samples];
        }
    }

    /// <summary>Takes an additional sample.</summary>
    public async Task<NodeSample> SampleAsync()
    {
        var sample = new NodeSample(clock.Elapsed.TotalSeconds, Memory(), Disk(), await HealthAsync());
        lock (samples) samples.Add(sample);
        return sample;
    }

    /// <summary>Samples until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation)) await SampleAsync();
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<TimeSpan?> HealthAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            // A new connection, to check that new clients are accepted too.
            using var request = new HttpRequestMessage(HttpMethod.Get, "health/live");
            request.Headers.ConnectionClose = true;
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
            using var answer = await http.SendAsync(request);
            return answer.IsSuccessStatusCode ? Stopwatch.GetElapsedTime(begun) : null;
        }
        catch (Exception none) when (none is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private long Memory()
    {
        try
        {
            using var process = Process.GetProcessById(node.Process.Id);
            return process.WorkingSet64;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return 0;
        }
    }

    private long Disk()
    {
        var all = 0L;
        foreach (var file in new DirectoryInfo(node.Folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            try
            {
                all += file.Length;
            }
            catch (FileNotFoundException)
            {
                // The file was deleted meanwhile.
            }
        }

        return all;
    }
}
