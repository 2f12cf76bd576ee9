using System.Runtime.CompilerServices;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples.Evaluation;

/// <summary>
/// Draws prompts, some at a time as concurrent requests of a pipeline that merges their model calls into batches. Each picture has the seed of its
/// prompt, so which others are drawn beside it changes no more than the rounding.
/// </summary>
internal sealed class PictureGenerator(DiffusionPipeline pipeline, int batch)
{
    /// <summary>The sampler, by the name that the pipeline's has.</summary>
    public string Sampler => $"{pipeline.Scheduler}";

    /// <summary>A generator that borrows a pipeline and samples with a scheduler of the catalog.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="batch">How many pictures at once.</param>
    /// <param name="sampler">The scheduler's name in <see cref="SchedulerCatalog"/>; null for the model's own.</param>
    /// <param name="steps">How many steps it will take.</param>
    public static PictureGenerator Create(DiffusionPipeline pipeline, int batch, string? sampler, int steps)
    {
        if (sampler is null)
        {
            return new PictureGenerator(pipeline, batch);
        }

        DiscreteSchedulerOptions model = SchedulerCatalog.ModelOf(pipeline);

        // All timesteps there are leave no room for an offset.
        model = steps == model.Schedule.TrainingTimesteps ? model with { StepsOffset = 0 } : model;
        return new PictureGenerator(SchedulerCatalog.With(pipeline, sampler, model), batch);
    }

    /// <summary>The pictures of prompts, in their order.</summary>
    public async IAsyncEnumerable<(EvaluationPrompt Prompt, GeneratedImage Picture)> GenerateAsync(EvaluationPrompt[] prompts, int steps, float guidance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (EvaluationPrompt[] some in prompts.Chunk(batch))
        {
            GenerationResult[] results = await Task.WhenAll(some.Select(prompt => pipeline.GenerateAsync(
                new TextToImageRequest(prompt.Prompt) { Seed = prompt.Seed, Steps = steps, GuidanceScale = guidance },
                cancellationToken: cancellationToken)));
            for (int i = 0; i < some.Length; i++)
            {
                yield return (some[i], results[i].Images[0]);
            }
        }
    }
}
