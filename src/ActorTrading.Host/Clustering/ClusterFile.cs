using System.Text.Json;

namespace ActorTrading.Host.Clustering;

/// <summary>
/// What other terminals know of a local cluster: a small file in its folder, written anew at each change. It holds nothing secret.
/// </summary>
internal sealed record ClusterFile(DateTime Written, int Supervisor, IReadOnlyList<ClusterMember> Nodes)
{
    private const string Name = "cluster.json";
    private const string JoinRequest = "join.request";

    private static readonly JsonSerializerOptions Shape = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true,
    };

    /// <summary>Reads the file of a folder.</summary>
    /// <exception cref="CommandException">There is none, or it cannot be read.</exception>
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

    /// <summary>Writes it; a reader sees the whole of it or of the one before.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, Name);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, Shape));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Asks whoever runs the cluster of a folder for one more node.</summary>
    public static void AskForNode(string folder) => File.WriteAllBytes(Path.Combine(folder, JoinRequest), []);

    /// <summary>Whether one was asked for; it is then taken as heard.</summary>
    public static bool TakeRequest(string folder)
    {
        var path = Path.Combine(folder, JoinRequest);
        if (!File.Exists(path)) return false;
        File.Delete(path);
        return true;
    }

    /// <summary>A node by its number.</summary>
    /// <exception cref="CommandException">There is none such, or it does not run.</exception>
    public ClusterMember Running(int number)
    {
        var node = Nodes.FirstOrDefault(node => node.Number == number)
            ?? throw new CommandException(ExitCode.Usage, $"There is no node {number}.");
        return node.IsAlive ? node : throw new CommandException(ExitCode.NoNode, $"Node {number} does not run.");
    }
}

/// <summary>A node of a local cluster: its process and its addresses.</summary>
internal sealed record ClusterMember(int Number, int Process, DateTime Started, string Cluster, string Ticks, string Http, bool IsReady)
{
    /// <summary>Whether that very process is there, and not a later one with its id.</summary>
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
