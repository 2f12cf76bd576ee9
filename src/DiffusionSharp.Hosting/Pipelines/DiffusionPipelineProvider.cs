using DiffusionSharp.Hosting.Lifetime;
using DiffusionSharp.Hosting.Queue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Hosting.Pipelines;

/// <inheritdoc cref="IDiffusionPipelineProvider"/>
internal sealed class DiffusionPipelineProvider : IDiffusionPipelineProvider, IDisposable, IAsyncDisposable
{
    private const string IndexFile = "model_index.json";

    private readonly IOptionsMonitor<DiffusionPipelineOptions> _options;
    private readonly HostLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly string _contentRoot;
    private readonly Dictionary<string, Hosted> _hosted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeviceQueue> _queues = new(StringComparer.Ordinal);

    public DiffusionPipelineProvider(
        IEnumerable<PipelineRegistration> registrations,
        IOptionsMonitor<DiffusionPipelineOptions> options,
        IOptionsMonitor<GenerationQueueOptions> queues,
        HostLifetime lifetime,
        TimeProvider time,
        IServiceProvider services)
    {
        (_options, _lifetime, _time) = (options, lifetime, time);
        _loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        _logger = _loggers.CreateLogger(typeof(IDiffusionPipelineProvider).FullName!);
        _contentRoot = services.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory;
        var models = new List<DiffusionModel>();
        foreach ((string name, DiffusionPipelineOptions one) in registrations.Select(registration => (registration.Name, options.Get(registration.Name))))
        {
            GenerationQueueOptions bound = queues.Get(one.Device);
            if (!_queues.TryGetValue(one.Device, out DeviceQueue? queue))
            {
                _queues[one.Device] = queue = new DeviceQueue(one.Device, bound, lifetime, time);
            }

            _hosted[name] = new Hosted(new HostedPipeline(stop => LoadAsync(name, bound.Concurrency, stop)), queue);
            models.Add(new DiffusionModel(name, one.OwnedBy, one.Created ?? CreationOf(one), one.Device));
        }

        Models = models;
    }

    public IReadOnlyList<DiffusionModel> Models { get; }

    public Task<IDiffusionPipeline> GetAsync(string model, CancellationToken cancellationToken) => Find(model).Pipeline.GetAsync(cancellationToken);

    public PipelineStatus GetStatus(string model) => Find(model).Pipeline.Status;

    public DeviceLoad GetLoad(string model) => Find(model).Queue.Load;

    public async Task<GenerationSlot> EnterAsync(string model, CancellationToken cancellationToken)
    {
        Hosted hosted = Find(model);
        Action leave = await hosted.Queue.EnterAsync(cancellationToken).ConfigureAwait(false);
        return await TakeAsync(hosted, leave, cancellationToken).ConfigureAwait(false);
    }

    public async Task<GenerationSlot?> TryEnterAsync(string model, CancellationToken cancellationToken)
    {
        Hosted hosted = Find(model);
        return hosted.Queue.TryEnter() is { } leave ? await TakeAsync(hosted, leave, cancellationToken).ConfigureAwait(false) : null;
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        foreach (Hosted hosted in _hosted.Values)
        {
            await hosted.Pipeline.DisposeAsync().ConfigureAwait(false);
        }

        foreach (DeviceQueue queue in _queues.Values)
        {
            queue.Dispose();
        }
    }

    private Hosted Find(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return _hosted.TryGetValue(model, out Hosted? hosted) ? hosted : throw new KeyNotFoundException($"There is no pipeline '{model}'; there are: {string.Join(", ", Models.Select(known => known.Name))}.");
    }

    private async Task<GenerationSlot> TakeAsync(Hosted hosted, Action leave, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lifetime.Abandoned);
        try
        {
            IDiffusionPipeline pipeline = await hosted.Pipeline.GetAsync(stop.Token).ConfigureAwait(false);
            return new GenerationSlot(pipeline, stop, leave, _lifetime.Stopping);
        }
        catch
        {
            leave();
            stop.Dispose();
            throw;
        }
    }

    private async Task<IDiffusionPipeline> LoadAsync(string name, int concurrency, CancellationToken stop)
    {
        long began = _time.GetTimestamp();
        _logger.Loading(name);
        try
        {
            DiffusionPipelineOptions options = _options.Get(name);
            IDiffusionPipeline pipeline = await PipelineLoading.LoadAsync(options, Locate, concurrency, _loggers, stop).ConfigureAwait(false);
            _logger.Loaded(name, _time.GetElapsedTime(began).TotalSeconds);
            return pipeline;
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            _logger.NotLoaded(error, name, error.Message);
            throw;
        }
    }

    private string Locate(string path)
    {
        string here = Path.Combine(_contentRoot, path);
        string beside = Path.Combine(AppContext.BaseDirectory, path);
        return Path.Exists(here) || !Path.Exists(beside) ? here : beside;
    }

    private DateTimeOffset CreationOf(DiffusionPipelineOptions options)
    {
        string? index = options.Folder is { } folder ? Path.Combine(Locate(folder), IndexFile) : null;
        return File.Exists(index) ? File.GetLastWriteTimeUtc(index) : _time.GetUtcNow();
    }

    private sealed record Hosted(HostedPipeline Pipeline, DeviceQueue Queue);
}
