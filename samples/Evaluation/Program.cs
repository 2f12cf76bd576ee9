// How well a model draws what it is asked for: the prompts and the scores of training/evaluate.py, drawn by the library.
using System.CommandLine;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Samples;
using DiffusionSharp.Samples.Evaluation;

const string Autoencoder = "autoencoder";

var work = new Argument<string>("work") { Description = "The work folder of training, with evaluation.json, full.npy and small.npy.", DefaultValueFactory = _ => "training/work" };
var model = new Option<string>("--model") { Description = "A model folder (model_index.json); the embedded emoji model by default." };
var kinds = new Option<string[]>("--kind") { Description = $"What to evaluate: {Autoencoder}, {string.Join(", ", EvaluationSet.Kinds)}.", DefaultValueFactory = _ => [Autoencoder, .. EvaluationSet.Kinds], AllowMultipleArgumentsPerToken = true };
var guidance = new Option<float[]>("--guidance") { Description = "Guidance scales, a run for each; by default 1, 1.5, 2 and 3 for names, and 1 for the others.", AllowMultipleArgumentsPerToken = true };
var limit = new Option<int?>("--limit") { Description = "Use only so many prompts of each kind, evenly spread." };
var sampler = new Option<string>("--sampler") { Description = $"The model's own by default; {string.Join(", ", SchedulerCatalog.Names)}." };
var steps = new Option<int[]>("--steps") { Description = "Denoising steps, a run for each.", DefaultValueFactory = _ => [30], AllowMultipleArgumentsPerToken = true };
var batch = new Option<int>("--batch") { Description = "Pictures at once.", DefaultValueFactory = _ => 8 };
var threads = new Option<int>("--threads") { Description = "Threads of the model; 0 is one per core." };
kinds.AcceptOnlyFromAmong([Autoencoder, .. EvaluationSet.Kinds]);
var command = new RootCommand("Evaluates a text-to-emoji model.") { work, model, kinds, guidance, limit, sampler, steps, batch, threads };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    string InWork(string name) => Path.Combine(parsed.GetValue(work)!, name);
    ArgumentOutOfRangeException.ThrowIfLessThan(parsed.GetValue(limit) ?? 1, 1, "--limit");
    string folder = parsed.GetValue(model) ?? EmojiPipeline.ModelFolder;
    var set = EvaluationSet.Read(InWork("evaluation.json"));
    var renderer = new SceneRenderer(set, NpyFile.Read(InWork("full.npy")), NpyFile.Read(InWork("small.npy")));
    var evaluator = new Evaluator(new Retrieval(set, renderer), parsed.GetValue(work)!);
    using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder, new OnnxPipelineOptions
    {
        // Guidance takes two rows for a picture.
        Batching = new BatchingOptions { MaxRows = 2 * parsed.GetValue(batch) },
        CachedPrompts = set.Prompts.Count + 1,
        Onnx = new OnnxOptions { Threads = parsed.GetValue(threads) },
    });

    string path = InWork("evaluation-dotnet.json");
    var results = ResultsFile.Open(path, folder);
    if (parsed.GetValue(kinds)!.Contains(Autoencoder))
    {
        foreach ((string name, IReadOnlyList<Scene> scenes) in set.Reconstructions)
        {
            Scene[] some = EvaluationSet.Spread(scenes, parsed.GetValue(limit));
            results.Psnr[name] = Reconstruction.Measure(pipeline, renderer, set.Size, some, cancellationToken);
            Console.WriteLine(FormattableString.Invariant($"autoencoder, {name}: {results.Psnr[name].Decibels:0.00} dB, {some.Length} pictures"));
        }

        results.Save(path);
    }

    Console.WriteLine(EvaluationRun.Header);
    foreach (string kind in parsed.GetValue(kinds)!.Where(kind => kind != Autoencoder))
    {
        float[] scales = parsed.GetValue(guidance) is { Length: > 0 } given ? given : kind == "name" ? [1, 1.5f, 2, 3] : [1];
        foreach ((float scale, int count) in scales.SelectMany(scale => parsed.GetValue(steps)!.Select(count => (scale, count))))
        {
            var generator = PictureGenerator.Create(pipeline, parsed.GetValue(batch), parsed.GetValue(sampler), count);
            EvaluationRun run = await evaluator.RunAsync(generator, set.Of(kind, parsed.GetValue(limit)), count, scale, cancellationToken);
            results.Runs[run.Key()] = run;
            results.Save(path);
            Console.WriteLine(run.Row());
        }
    }

    SampleApp.ReportFile(path);
});
