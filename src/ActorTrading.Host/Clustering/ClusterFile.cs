using System.Text.Json;

namespace ActorTrading.Host.Clustering;

/// <summary>
/// The description of a local cluster for other terminals: a small file in its folder, rewritten at each change. Contains no secrets.
/// </summary>
internal sealed record ClusterFile(DateTime Written, int Supervisor, IReadOnlyList<ClusterMember> Nodes)
{
    private const string Name = "cluster.json";
    private const string JoinRequest = "join.request";

    private static readonly JsonSerializerOptions Shape = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true,
    };

    /// <summary>Reads the file in a folder.</summary>
    /// <exception cref="CommandException">The file does not exist, or cannot be read.</exception>
    public static ClusterFile Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            return JsonSerializer.Deserialize<ClusterFile>(File.ReadAllBytes(path), Shape) ?? throw new JsonException("it is empty");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException(
                ExitCode.NoNode, $"{folder}: no cluster was started there; start one with: actortrading cluster --data {folder}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: {exception.Message}");
        }
    }

    /// <summary>Writes the file atomically: a reader sees the old or the new content.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, Name);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, Shape));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Requests one more node from the process that runs the cluster of a folder.</summary>
    public static void AskForNode(string folder) => File.WriteAllBytes(Path.Combine(folder, JoinRequest), []);

    /// <summary>Whether a node was requested. Clears the request.</summary>
    public static bool TakeRequest(string folder)
    {
        var path = Path.Combine(folder, JoinRequest);
        if (!File.Exists(path)) return false;
        File.Delete(path);
        return true;
    }

    /// <summary>The running node with a number.</summary>
    /// <exception cref="CommandException">There is no node with that number, or it does not run.</exception>
    public ClusterMember Running(int number)
    {
        var node = Nodes.FirstOrDefault(node => node.Number == number)
            ?? throw new CommandException(ExitCode.Usage, $"There is no node {number}.");
        return node.IsAlive ? node : throw new CommandException(ExitCode.NoNode, $"Node {number} is not running.");
    }
}

/// <summary>A node of a local cluster: its process and its addresses.</summary>
internal sealed record ClusterMember(int Number, int Process, DateTime Started, string Cluster, string Ticks, string Http, bool IsReady)
{
    /// <summary>Whether this process still runs; a later process with the same id does not count.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsAlive
    {
        get
        {
            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(Process);
                return !process.HasExited && (process.StartTime.ToUniversalTime() - Started).Duration() < TimeSpan.FromSeconds(2);
            }
            catch (Exception exception)
                when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
