using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Hosting.Pipelines;

/// <summary>Puts in place what options say of a model that is loaded.</summary>
/// <param name="options">The options.</param>
/// <param name="concurrency">How many generations run at a time.</param>
internal sealed class PipelineChange(DiffusionPipelineOptions options, int concurrency)
{
    /// <summary>A pipeline of the parts of one, which is let go of.</summary>
    /// <exception cref="NotSupportedException">The model does not take the sampler that the options name.</exception>
    public async Task<DiffusionPipeline> OfAsync(DiffusionPipeline loaded)
    {
        await using (loaded.ConfigureAwait(false))
        {
            return Builder(loaded, Scheduler(loaded.Scheduler)).UseDefaults(Defaults(loaded.Defaults)).Build();
        }
    }

    /// <summary>A cascade of the parts of one, which is let go of. The sampler is that of the stage that draws.</summary>
    /// <inheritdoc cref="OfAsync(DiffusionPipeline)"/>
    public async Task<Cascade> OfAsync(Cascade loaded)
    {
        await using (loaded.ConfigureAwait(false))
        {
            IScheduler? scheduler = Scheduler(loaded.Scheduler);
            Cascade changed = loaded.WithPipelines(stage => Builder(stage, stage == loaded.Drawing ? scheduler : null).Build());
            bool saysDefaults = options is not { Width: null, Height: null, Steps: null, GuidanceScale: null };
            return (saysDefaults ? changed.WithDefaults(Defaults(loaded.Defaults)) : changed).Owning();
        }
    }

    private GenerationDefaults Defaults(GenerationDefaults own) => new()
    {
        Width = options.Width ?? own.Width,
        Height = options.Height ?? own.Height,
        Steps = options.Steps ?? own.Steps,
        GuidanceScale = options.GuidanceScale ?? own.GuidanceScale,
    };

    private DiffusionPipelineBuilder Builder(DiffusionPipeline loaded, IScheduler? scheduler)
    {
        DiffusionPipelineBuilder builder = loaded.ToBuilder().UseConcurrency(concurrency);
        return scheduler is null ? builder : builder.UseScheduler(scheduler);
    }

    private IScheduler? Scheduler(IScheduler? own) => options.Scheduler is not { } name ? null
        : own is IDiscreteScheduler model ? Samplers.ByName(name, model.Options)
        : throw new NotSupportedException($"The sampler '{name}' is for models of a discrete noise schedule, but this one has {own?.ToString() ?? "none"}: leave {nameof(options.Scheduler)} away.");
}
