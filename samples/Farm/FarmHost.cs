using System.Net;
using DiffusionSharp.Emoji;
using DiffusionSharp.Hosting;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using StackExchange.Redis;

namespace DiffusionSharp.Samples;

/// <summary>The hosts of silos and clients.</summary>
internal static class FarmHost
{
    public const string Model = "emoji";

    /// <summary>A session of one thread: several jobs at a time keep the cores busy.</summary>
    public static OnnxPipelineOptions Pipeline { get; } = new() { Onnx = new OnnxOptions { Threads = 1, Spinning = false } };

    public static IHost Silo(FarmSettings settings)
    {
        HostApplicationBuilder builder = Builder();
        builder.Services.AddDiffusionPipeline(Model).Configure(options => (options.Load, options.Threads, options.Spinning) = (EmojiPipeline.LoadAsync, 1, false));
        builder.Services.Configure<GenerationQueueOptions>("Cpu0", options => options.Concurrency = settings.Turns);
        builder.Services.AddSingleton<IBlobStore>(new FileBlobStore(settings.Blobs));
        builder.UseOrleans(silo =>
        {
            if (settings.Redis is { } redis)
            {
                silo.Configure<ClusterOptions>(NameCluster)
                    .ConfigureEndpoints(IPAddress.Loopback, settings.SiloPort, settings.GatewayPort)
                    .UseRedisClustering(redis)
                    .AddRedisGrainStorage(GenerationFarm.StorageName, options => options.ConfigurationOptions = ConfigurationOptions.Parse(redis));
            }
            else
            {
                silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, settings.PrimaryPort == 0 ? null : new IPEndPoint(IPAddress.Loopback, settings.PrimaryPort));
                if (settings.Sqlite is { } file)
                {
                    SqliteState.Use(silo, file);
                }
                else
                {
                    silo.AddMemoryGrainStorage(GenerationFarm.StorageName);
                }
            }

            if (!settings.IsPatient)
            {
                silo.Configure<ClusterMembershipOptions>(options =>
                {
                    (options.ProbeTimeout, options.NumMissedProbesLimit, options.NumVotesForDeathDeclaration) = (TimeSpan.FromSeconds(1), 2, 1);
                    options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
                });
            }

            silo.AddGenerationFarm(options => options.Models = settings.Works ? null : []);
        });
        return builder.Build();
    }

    public static IHost Client(FarmSettings settings)
    {
        HostApplicationBuilder builder = Builder();
        builder.UseOrleansClient(client =>
        {
            if (settings.Redis is { } redis)
            {
                client.Configure<ClusterOptions>(NameCluster).UseRedisClustering(redis);
            }
            else
            {
                client.UseLocalhostClustering(settings.GatewayPort);
            }

            client.AddGenerationFarm();
        });
        return builder.Build();
    }

    private static HostApplicationBuilder Builder()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Critical);
        return builder;
    }

    // Jobs belong to the service; silos of one cluster find each other.
    private static void NameCluster(ClusterOptions options) => (options.ServiceId, options.ClusterId) = ("farm", "farm");
}
