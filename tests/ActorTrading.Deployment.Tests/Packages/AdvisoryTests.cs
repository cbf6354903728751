using System.Net;
using System.Text;
using ActorTrading.TestKit;

namespace ActorTrading.Deployment.Tests.Packages;

/// <summary>A package with an advisory: the output of a restore with the settings of this repository.</summary>
public sealed class AdvisoryTests
{
    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <ItemGroup>
            <PackageReference Include="System.CommandLine" />
          </ItemGroup>
        </Project>
        """;

    [Theory]
    [InlineData("false", 0)]
    [InlineData("true", 1)]
    public async Task Advisory_IsListed_AndFailsARelease(string release, int exitCode)
    {
        using var folder = new TemporaryFolder();
        using var advisories = new AdvisorySource("system.commandline");
        foreach (var name in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", "README.md" })
            File.Copy(Repository.PathOf(name), folder.File(name));
        File.WriteAllText(folder.File("advised.csproj"), Project);

        // The packages come from their normal source; the advisories from this one.
        File.WriteAllText(folder.File("nuget.config"),
            $"""
            <configuration>
              <auditSources>
                <clear />
                <add key="advisories" value="{advisories.Index}" allowInsecureConnections="true" />
              </auditSources>
            </configuration>
            """);

        var restored = await Tools.RunInAsync(folder.Path, "dotnet", "restore", "advised.csproj", $"-p:ReleaseBuild={release}");

        Assert.True(restored.ExitCode == exitCode, restored.Output + restored.Error);
        Assert.Contains($"{(exitCode == 0 ? "warning" : "error")} NU1903", restored.Output, StringComparison.Ordinal);
        Assert.Contains(AdvisorySource.Advisory, restored.Output, StringComparison.Ordinal);
    }

    /// <summary>
    /// A package source on loopback with one advisory (of high severity, for every version of a package) and no packages.
    /// </summary>
    private sealed class AdvisorySource : IDisposable
    {
        public const string Advisory = "https://advisories.example/1";

        private readonly HttpListener listener = new();
        private readonly string package;

        public AdvisorySource(string package)
        {
            this.package = package;
            for (var port = 20_000 + Random.Shared.Next(10_000); ; port++)
            {
                listener.Prefixes.Clear();
                listener.Prefixes.Add(Root = $"http://127.0.0.1:{port}/");
                try
                {
                    listener.Start();
                    break;
                }
                catch (HttpListenerException)
                {
                    // The port is in use: try the next one.
                }
            }

            _ = ServeAsync();
        }

        public string Index => Root + "index.json";

        private string Root { get; }

        public void Dispose() => listener.Close();

        private async Task ServeAsync()
        {
            while (listener.IsListening)
            {
                HttpListenerContext asked;
                try
                {
                    asked = await listener.GetContextAsync();
                }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                var answer = asked.Request.Url!.AbsolutePath switch
                {
                    "/index.json" =>
                        $$"""{"version":"3.0.0","resources":[{"@id":"{{Root}}pages.json","@type":"VulnerabilityInfo/6.7.0"}]}""",
                    "/pages.json" => $$"""[{"@name":"base","@id":"{{Root}}base.json","@updated":"2026-01-01T00:00:00Z"}]""",
                    _ => $$"""{"{{package}}":[{"severity":2,"url":"{{Advisory}}","versions":"(, 99.0.0]"}]}""",
                };
                asked.Response.ContentType = "application/json";
                await asked.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                asked.Response.Close();
            }
        }
    }
}
