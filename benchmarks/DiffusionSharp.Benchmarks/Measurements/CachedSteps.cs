using System.Globalization;
using System.Numerics.Tensors;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// How many model calls a step cache leaves out of the generations of a model of emojis, and how far its pictures are from those without it.
/// Counts and distances, no times. <c>cached-steps FOLDER STEPS [THRESHOLD...]</c>.
/// </summary>
internal static class CachedSteps
{
    private static readonly string[] Prompts = ["a red apple", "a cat face on a blue background", "a rocket", "a green tree", "a slice of pizza", "an octopus", "a house", "a red heart"];

    public static void Run(string folder, string steps, string[] thresholds)
    {
        using DiffusionPipeline emoji = OnnxDiffusionPipeline.Load(folder);
        DiscreteSchedulerOptions model = ((IDiscreteScheduler)emoji.Scheduler!).Options;
        int count = int.Parse(steps, CultureInfo.InvariantCulture);
        Console.WriteLine("| sampler | guidance | threshold | evaluations | of | difference |\n|---|---|---|---|---|---|");
        foreach (IScheduler scheduler in (IScheduler[])[new DdimScheduler(model.For<DdimOptions>()), new DpmSolverScheduler(model.For<DpmSolverOptions>())])
        {
            foreach (float scale in (float[])[1, 2])
            {
                using DiffusionPipeline plain = emoji.ToBuilder().UseScheduler(scheduler).Build();
                GenerationResult[] expected = Draw(plain, count, scale);
                foreach (double threshold in thresholds.Select(text => double.Parse(text, CultureInfo.InvariantCulture)))
                {
                    var cache = new CachedStepsPredictor(emoji.NoisePredictor!, new CachedStepsOptions { Threshold = threshold }, leaveOpen: true);
                    using DiffusionPipeline cached = plain.ToBuilder().UseNoisePredictor(cache).Build();
                    GenerationResult[] found = Draw(cached, count, scale);
                    double evaluations = found.Average(result => result.Timings.EvaluationsPerImage);
                    double difference = expected.Zip(found, Difference).Average();
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {scheduler} | {scale} | {threshold} | {evaluations:0.0} | {expected[0].Timings.EvaluationsPerImage} | {difference:0.0} |"));
                }
            }
        }
    }

    private static GenerationResult[] Draw(DiffusionPipeline pipeline, int steps, float scale) =>
        [.. Prompts.Select((prompt, seed) => pipeline.Generate(new TextToImageRequest(prompt) { Steps = steps, GuidanceScale = scale, Seed = seed }))];

    // Root mean square over pixels and channels, on the scale of 0 to 255.
    private static double Difference(GenerationResult a, GenerationResult b) =>
        127.5 * TensorPrimitives.Distance(a.Images[0].Pixels.Values(), b.Images[0].Pixels.Values()) / Math.Sqrt(a.Images[0].Pixels.FlattenedLength);
}
