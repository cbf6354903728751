using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Host.Tests.Connecting;

/// <summary>Every example of connector settings in the docs can be read; the files and variables that it names exist.</summary>
public sealed class ConnectorDocumentTests : IDisposable
{
    private static readonly string[] Pages = ["connectors.md", "kafka.md", "kafka-out.md", "redis.md", "exchanges.md"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Examples_AreRead()
    {
        var examples = Pages.Select(page => Path.Combine(TestKit.ReferenceData.RepositoryFolder(), "docs", page)).Where(File.Exists)
            .SelectMany(page => Regex.Matches(File.ReadAllText(page), "```json\n(.*?)```", RegexOptions.Singleline)
                .Select(match => match.Groups[1].Value))
            .Where(example => example.Contains("\"connectors\"", StringComparison.Ordinal)).ToList();
        Assert.True(examples.Count >= 3);
        using var authority = Certificates.MakeAuthority("CN=Brokers");
        foreach (var example in examples)
        {
            var text = Regex.Replace(
                example, "\"(/[^\"]+)\"", match => JsonSerializer.Serialize(FileFor(match.Groups[1].Value, authority)));
            foreach (Match variable in Regex.Matches(text, "_variable\"\\s*:\\s*\"([^\"]+)\""))
                Environment.SetEnvironmentVariable(variable.Groups[1].Value, "only here");
            var file = folder.File("node.json");
            File.WriteAllText(file, text);
            var options = NodeSettings.Read(file, new Dictionary<string, string?>());
            using var json = JsonDocument.Parse(example);
            Assert.Equal(
                json.RootElement.GetProperty("connectors").EnumerateObject().Select(connector => connector.Name)
                    .Order(StringComparer.Ordinal),
                options.Connectors.Select(connector => connector.Name));
        }
    }

    /// <summary>A certificate or a secret that only its owner can read.</summary>
    private string FileFor(string path, X509Certificate2 authority)
    {
        var file = Path.Combine(folder.Path, Path.GetFileName(path));
        File.WriteAllText(file, path.EndsWith(".pem", StringComparison.Ordinal) ? authority.ExportCertificatePem() : "0123456789abcdef");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
