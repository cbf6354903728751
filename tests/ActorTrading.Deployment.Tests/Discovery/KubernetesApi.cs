using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ActorTrading.TestKit.Ingest;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Deployment.Tests.Discovery;

/// <summary>
/// The part of Kubernetes' API server that nodes use: pods of a namespace by a label selector, for a service account with a token, by the
/// rules of its role. Its responses, including errors, have the form of Kubernetes' own.
/// </summary>
internal sealed class KubernetesApi : IAsyncDisposable
{
    public const string Namespace = "actortrading";

    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    private readonly ConcurrentDictionary<string, V1Pod> pods = new();
    private readonly ConcurrentQueue<(int Status, string Path)> answers = new();
    private readonly WebApplication server;
    private readonly X509Certificate2? certificate;

    private KubernetesApi(WebApplication server, X509Certificate2? certificate, string authority)
    {
        this.server = server;
        this.certificate = certificate;
        Authority = authority;
        server.Run(AnswerAsync);
    }

    /// <summary>The address on which it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The certificate, in PEM, that pods trust.</summary>
    public string Authority { get; }

    /// <summary>The token of the service account; any other token is ignored.</summary>
    public string Token { get; set; } = "first token";

    /// <summary>The rights of the service account in <see cref="Namespace"/>.</summary>
    public IList<V1PolicyRule> Rules { get; set; } =
        [new V1PolicyRule { ApiGroups = [""], Resources = ["pods"], Verbs = ["get", "watch", "list"] }];

    /// <summary>The responses so far.</summary>
    public IReadOnlyList<(int Status, string Path)> Answers => [.. answers];

    /// <summary>Starts one.</summary>
    /// <param name="isEncrypted">Whether with TLS, as for pods, or without, as with <c>kubectl proxy</c>.</param>
    /// <param name="address">Its IP address.</param>
    /// <param name="newSocket">Creates the socket on which it listens; null: in the network of this process.</param>
    public static async Task<KubernetesApi> StartAsync(bool isEncrypted, string address = "127.0.0.1", Func<Socket>? newSocket = null)
    {
        using var authority = Certificates.MakeAuthority("CN=kubernetes");
        X509Certificate2? certificate = null;
        if (isEncrypted)
        {
            using var made = Certificates.Make(
                "CN=kube-apiserver", names => names.AddIpAddress(IPAddress.Parse(address)), authority, ServerAuth);
            certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrel(kestrel => kestrel.Listen(IPAddress.Parse(address), 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        })).UseSockets(sockets =>
        {
            if (newSocket is null) return;
            sockets.CreateBoundListenSocket = endPoint =>
            {
                var socket = newSocket();
                socket.Bind(endPoint);
                return socket;
            };
        });
        if (isEncrypted) builder.WebHost.UseKestrelHttpsConfiguration();
        var api = new KubernetesApi(builder.Build(), certificate, authority.ExportCertificatePem());
        await api.server.StartAsync();
        api.Address = new Uri(api.server.Urls.Single());
        return api;
    }

    /// <summary>Adds or changes a pod.</summary>
    public void Put(V1Pod pod) => pods[pod.Metadata.Name] = pod;

    /// <summary>Removes a pod.</summary>
    public void Remove(string name) => pods.TryRemove(name, out _);

    /// <summary>A node's running pod, as Kubernetes reports it.</summary>
    public static V1Pod NodePod(string name, string address, int port, string? subdomain = null) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name, NamespaceProperty = Namespace,
            Labels = new Dictionary<string, string>
            {
                ["app.kubernetes.io/name"] = "actortrading", ["app.kubernetes.io/component"] = "node",
            },
        },
        Spec = new V1PodSpec
        {
            Hostname = subdomain is null ? null : name,
            Subdomain = subdomain,
            Containers =
            [
                new V1Container
                {
                    Name = "node",
                    Ports =
                    [
                        new V1ContainerPort { ContainerPort = 9999, Name = "ticks" },
                        new V1ContainerPort { ContainerPort = port, Name = "management" },
                    ],
                },
            ],
        },
        Status = new V1PodStatus
        {
            Phase = "Running", PodIP = address, PodIPs = [new V1PodIP { Ip = address }],
            ContainerStatuses = [Running("node")],
        },
    };

    /// <summary>A running container, as Kubernetes reports it.</summary>
    public static V1ContainerStatus Running(string name) =>
        new() { Name = name, State = new V1ContainerState { Running = new V1ContainerStateRunning() } };

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificate?.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (status, answer) = Answer(context.Request);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        answers.Enqueue((status, context.Request.Path));
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }

    private (int Status, string Answer) Answer(HttpRequest request)
    {
        var given = request.Headers.Authorization.ToString();
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes($"Bearer {Token}"), Encoding.UTF8.GetBytes(given)))
            return Error(401, "Unauthorized", "Unauthorized");
        string[] path = request.Path.ToString().Split('/');
        if (request.Method != "GET" || path is not ["", "api", "v1", "namespaces", var asked, var resource])
            return Error(404, "NotFound", "the server could not find the requested resource");
        if (asked != Namespace || !MayList(resource))
        {
            return Error(403, "Forbidden",
                $"{resource} is forbidden: User \"system:serviceaccount:{Namespace}:actortrading\" cannot list "
                + $"resource \"{resource}\" in API group \"\" in the namespace \"{asked}\"");
        }

        var selector = Selector.Parse(request.Query["labelSelector"]);
        if (selector is null) return Error(400, "BadRequest", "unable to parse requirement");
        return (200, KubernetesJson.Serialize(new V1PodList
        {
            ApiVersion = "v1", Kind = "PodList", Metadata = new V1ListMeta { ResourceVersion = "1" },
            Items = [.. pods.Values.Where(pod => selector.Selects(pod.Metadata.Labels)).OrderBy(pod => pod.Metadata.Name)],
        }));
    }

    private bool MayList(string resource) =>
        Rules.Any(rule => rule.ApiGroups.Contains("") && rule.Resources.Contains(resource) && rule.Verbs.Contains("list"));

    private static (int Status, string Answer) Error(int code, string reason, string message) => (code, JsonSerializer.Serialize(
        new { kind = "Status", apiVersion = "v1", metadata = new { }, status = "Failure", message, reason, code }));
}
