using DiffusionSharp.Prediction;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Orleans;

/// <summary>Pipelines beside those of the host, of the same parts, whose model calls are merged.</summary>
internal sealed class SharedPipelines(IOptions<FarmOptions> options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DiffusionPipeline, DiffusionPipeline> _pipelines = [];

    /// <summary>The one beside a pipeline.</summary>
    /// <exception cref="InvalidOperationException">The model's calls cannot be merged.</exception>
    public DiffusionPipeline Beside(IDiffusionPipeline model)
    {
        DiffusionPipeline pipeline = model as DiffusionPipeline ?? throw new InvalidOperationException("The job wants to share model calls, which a cascade cannot.");
        lock (_gate)
        {
            if (!_pipelines.TryGetValue(pipeline, out DiffusionPipeline? shared))
            {
                IRowwisePredictor predictor = pipeline.NoisePredictor as IRowwisePredictor
                    ?? throw new InvalidOperationException($"The job wants to share model calls, which {pipeline.NoisePredictor?.GetType().Name ?? "a pipeline without a noise predictor"} cannot.");
                shared = pipeline.ToBuilder().UseNoisePredictor(new BatchingNoisePredictor(predictor, options.Value.Batching, leaveOpen: true)).Build();
                _pipelines.Add(pipeline, shared);
            }

            return shared;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (DiffusionPipeline shared in _pipelines.Values)
            {
                shared.Dispose();
            }
        }
    }
}
