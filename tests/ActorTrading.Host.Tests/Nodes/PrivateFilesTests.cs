using System.Diagnostics;
using System.Text;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest.Access;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Webhooks;
using ActorTrading.TestKit;

namespace ActorTrading.Host.Tests.Nodes;

/// <summary>Others can access no file of a node, and the node does not trust secrets that others can access.</summary>
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    /// <summary>
    /// A process with umask 0 starts a node: journal, its logs, the quarantine and the lock are accessible to the owner only.
    /// </summary>
    [Theory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task NodesFiles_AreItsOwners(string engine)
    {
        if (OperatingSystem.IsWindows()) return;
        var data = InRoot("data");
        var command = $"umask 0; exec dotnet '{Path.Combine(AppContext.BaseDirectory, "actortrading.dll")}' node --engine {engine} --data "
            + $"'{data}' --port 0 --http-port 0 --cluster-port 0";
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        try
        {
            string? line;
            do line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
            while (line?.EndsWith(" (API)", StringComparison.Ordinal) == false);
            using var client = new HttpClient { BaseAddress = new Uri(line!.Split(' ')[0]) };
            using var sent = await client.PostAsync("/ingest", new ByteArrayContent(Encoding.UTF8.GetBytes(
                """{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":99,"size":1}""" + "\n"
                + """{"symbol":"A","ts":"2024-07-09T14:30:00Z","price":-1,"size":1}""")));
            var files = new DirectoryInfo(root.Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).ToList();
            Assert.All(files, file => Assert.True((file.UnixFileMode & OfOthers) == 0, $"{file.FullName}: {file.UnixFileMode}"));
            Assert.Superset(
                new HashSet<string> { "data", "journal.db", "journal.db-wal", "journal.db-shm", "node.lock", "rejected-00000001.ndjson" },
                files.Select(file => file.Name).ToHashSet());
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    [Theory]
    [InlineData("755", "644", "700", "600")]
    [InlineData("777", "666", "700", "600")]
    [InlineData("770", "660", "750", "640")]
    [InlineData("750", "640", "750", "640")]
    [InlineData("700", "600", "700", "600")]
    public void FolderOfAFormerVersion_IsMadePrivate_AndThatIsSaid(string folder, string file, string folderThen, string fileThen)
    {
        if (OperatingSystem.IsWindows()) return;
        var (data, journal, inner) = (InRoot("data"), InRoot("data/journal.db"), InRoot("data/rejected"));
        Directory.CreateDirectory(inner);
        File.WriteAllText(journal, "");
        Chmod(data, folder);
        Chmod(inner, folder);
        Chmod(journal, file);

        using (var held = DataFolder.Hold(data)) Assert.Equal((folder, file) == (folderThen, fileThen), held.Notices.Count == 0);
        Assert.Equal((folderThen, fileThen), (Spelled(data), Spelled(journal)));
        Assert.Equal(folderThen, Spelled(inner));
        // With the umask of the tests.
        using (PrivateFiles.Open(InRoot("data/new"), FileMode.CreateNew, FileAccess.Write, FileShare.Read))
            Assert.Equal("600", Spelled(InRoot("data/new")));
        using (var again = DataFolder.Hold(data)) Assert.Empty(again.Notices);
    }

    [Fact]
    public async Task FolderOfSomebodyElse_IsRefused()
    {
        var data = Directory.CreateDirectory(InRoot("data")).FullName;
        if (OperatingSystem.IsWindows() || await RunAsync("chown", "12345", data) != 0) return; // only root can change the owner
        var refused = Assert.Throws<CommandException>(() => DataFolder.Hold(data));
        Assert.Equal(
            (ExitCode.BadOutput, true), (refused.ExitCode, refused.Message.Contains("belongs to user 12345", StringComparison.Ordinal)));
        Assert.Equal(0, await RunAsync("chown", "0", data));
        DataFolder.Hold(data).Dispose(); // and it contains nothing from before
    }

    [Theory]
    [InlineData("666", false)]
    [InlineData("622", false)]
    [InlineData("660", false)]
    [InlineData("644", true)]
    [InlineData("440", true)]
    public void RulesThatOthersCanChange_AreRefused(string mode, bool isGood)
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Written("rules.json", """{"tokens":[]}""", "600");
        using var rules = AccessRules.Load(path);
        Chmod(path, mode);
        if (isGood) AccessRules.Load(path).Dispose();
        else
        {
            Assert.Contains(
                "other users can change it", Assert.Throws<AccessException>(() => AccessRules.Load(path)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RulesThatOthersCanChangeMeanwhile_AreNotTakenUp()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Written("rules.json", """{"tokens":[]}""", "600");
        var notices = new List<string>();
        using var rules = AccessRules.Load(path, notices.Add);
        File.WriteAllText(path, """{"anonymous":{"read":["*"],"admin":true}}""");
        Chmod(path, "666");
        Assert.False(rules.Reload());
        Assert.Null(rules.Anonymous);
        Assert.Contains("other users can change it", Assert.Single(notices), StringComparison.Ordinal);
        Chmod(path, "600");
        Assert.True(rules.Reload());
    }

    [Theory]
    [InlineData("600", true)]
    [InlineData("400", true)]
    [InlineData("644", false)]
    [InlineData("604", false)]
    [InlineData("620", false)]
    public async Task SecretThatOthersCanReach_IsRefused(string mode, bool isGood)
    {
        if (OperatingSystem.IsWindows()) return;
        const string Secret = "0123456789abcdef-secret";
        var path = Written("secret", Secret + "\n", mode);
        var said = Outcome(() => Assert.Equal(Secret, PrivateFiles.ReadSecretLine(path)));
        Assert.Equal(isGood, said.Length == 0);
        Assert.Equal(isGood, Outcome(() => WebhookSecret.OfFile(path)).Length == 0);
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
        Assert.Equal(
            isGood ? ExitCode.NoNode : ExitCode.BadInput,
            await CommandLine.RunAsync(["symbols", "--node", "http://127.0.0.1:1", "--token-file", path]));
    }

    /// <summary>
    /// Like secrets that Kubernetes mounts with the group of the pod, and keys that PostgreSQL accepts: owned by root, and readable by the
    /// group.
    /// </summary>
    [Fact]
    public void SecretOfRoot_MayBeReadByItsGroup_AndThroughALink()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Written("secret", "0123456789abcdef", "440");
        var link = InRoot("link");
        File.CreateSymbolicLink(link, path);
        Assert.Equal(Environment.UserName == "root", Outcome(() => PrivateFiles.CheckSecret(link)).Length == 0);
    }

    private static string Outcome(Action read)
    {
        try
        {
            read();
            return "";
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FormatException)
        {
            return e.Message;
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static void Chmod(string path, string mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
    }


    private static string Spelled(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private string InRoot(string name) => root.File(name);

    private string Written(string name, string content, string mode)
    {
        File.WriteAllText(InRoot(name), content);
        Chmod(InRoot(name), mode);
        return InRoot(name);
    }
}
