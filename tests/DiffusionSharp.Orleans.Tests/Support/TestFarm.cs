using DiffusionSharp.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.TestingHost;

namespace DiffusionSharp.Orleans.Tests.Support;

/// <summary>Silos and a client in this process, with the toy model, a storage that outlives them, and blobs in a folder of their own.</summary>
internal sealed class TestFarm : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("farm-");
    private readonly InProcessTestCluster _cluster;

    private TestFarm(short silos, ToyModel model, StoredState stored, Action<FarmOptions>? configure, Action<ISiloBuilder>? store, int turns, bool isCascade)
    {
        (Model, Stored) = (model, stored);
        Blobs = new FileBlobStore(_folder.FullName);
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.ServiceId = "farm";
        builder.ConfigureSiloHost((options, host) =>
        {
            host.Services.AddDiffusionPipeline(ToyModel.Name).Configure(pipeline =>
            {
                pipeline.Load = isCascade ? null : (_, _, _) => Task.FromResult(Model.Load(options.SiloName));
                pipeline.LoadCascade = isCascade ? (_, _, _) => Task.FromResult(Model.LoadTwice(options.SiloName)) : null;
            });
            host.Services.AddSingleton(Blobs);
            host.Services.Configure<GenerationQueueOptions>("Cpu0", queue => queue.Concurrency = turns);
        });
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddGenerationFarm(configure);
            if (store is null)
            {
                silo.Services.AddGrainStorage(GenerationFarm.StorageName, (services, _) => new SharedStorage(Stored, services.GetRequiredService<Serializer>()));
            }
            else
            {
                store(silo);
            }

            silo.Configure<ClusterMembershipOptions>(options => (options.ProbeTimeout, options.NumMissedProbesLimit, options.NumVotesForDeathDeclaration) = (TimeSpan.FromMilliseconds(500), 2, 1));
        });
        _cluster = builder.Build();
    }

    public ToyModel Model { get; }

    public StoredState Stored { get; }

    public IBlobStore Blobs { get; }

    public IReadOnlyList<InProcessSiloHandle> Silos => _cluster.Silos;

    public GenerationFarm Client => new(_cluster.Client);

    /// <summary>Starts a farm.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="model">The model of an earlier one.</param>
    /// <param name="stored">What an earlier one has stored.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="store">Adds a storage in place of the one in memory.</param>
    /// <param name="turns">How many generations each silo runs at a time.</param>
    /// <param name="isCascade">Whether the model is a cascade.</param>
    public static async Task<TestFarm> StartAsync(short silos = 1, ToyModel? model = null, StoredState? stored = null, Action<FarmOptions>? configure = null, Action<ISiloBuilder>? store = null, int turns = 2, bool isCascade = false)
    {
        var farm = new TestFarm(silos, model ?? new ToyModel(), stored ?? new StoredState(), configure, store, turns, isCascade);
        await farm._cluster.DeployAsync();
        return farm;
    }

    public TGrain Grain<TGrain>(string key)
        where TGrain : IGrainWithStringKey => _cluster.Client.GetGrain<TGrain>(key);

    /// <summary>Submits a job and waits for its end.</summary>
    public async Task<JobStatus> RunAsync(string job, GenerationOrder order)
    {
        await Client.SubmitAsync(job, order);
        return await WaitAsync(job);
    }

    public Task<JobStatus> WaitAsync(string job) => Client.WaitAsync(job).WaitAsync(Patience);

    /// <summary>The only picture of a job.</summary>
    public async Task<byte[]> PictureAsync(JobStatus status) => (await Blobs.ReadAsync(Assert.Single(status.EnsureCompleted().Pictures)))!;

    public Task KillAsync(string silo) => _cluster.KillSiloAsync(_cluster.Silos.Single(handle => handle.Name == silo));

    public Task StopAsync(string silo) => _cluster.StopSiloAsync(_cluster.Silos.Single(handle => handle.Name == silo));

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
