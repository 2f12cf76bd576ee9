// Three samplers made of the library's public parts, each of one file, on the embedded model.
using System.CommandLine;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;

var prompt = new Argument<string>("prompt") { Description = "What to draw.", DefaultValueFactory = _ => "a red apple" };
var steps = new Option<int>("--steps") { Description = "Steps.", DefaultValueFactory = _ => 20 };
var seed = new Option<long>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
var command = new RootCommand("Draws with samplers of one's own.") { prompt, steps, seed };

return await SampleApp.RunAsync(command, args, async (parsed, cancellationToken) =>
{
    using DiffusionPipeline pipeline = EmojiPipeline.Load();
    DiscreteSchedulerOptions model = SchedulerCatalog.ModelOf(pipeline);

    // Whoever loads a model folder whose scheduler_config.json names this class gets it.
    SchedulerConfig.Register("OwnGradientEstimation", OwnGradientEstimationScheduler.Create);
    IScheduler estimation = SchedulerConfig.Create("""{ "_class_name": "OwnGradientEstimation", "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012 }""");

    // CFG++ has guidance scales from 0 to 1.
    (IScheduler Scheduler, float Scale, string Name)[] samplers =
    [
        (estimation, 4, "gradient-estimation"),
        (new OwnKarrasScheduler(model.For<OwnKarrasOptions>()), 4, "karras-stochastic"),
        (new OwnCfgPlusPlusScheduler(model.For<OwnCfgPlusPlusOptions>()), 0.6f, "cfg-plus-plus"),
    ];
    foreach ((IScheduler scheduler, float scale, string name) in samplers)
    {
        using DiffusionPipeline own = pipeline.WithScheduler(scheduler);
        var request = new TextToImageRequest(parsed.GetValue(prompt)!) { Steps = parsed.GetValue(steps), Seed = parsed.GetValue(seed), GuidanceScale = scale };
        GenerationResult result = await own.GenerateAsync(request, cancellationToken: cancellationToken);
        result.Images[0].SaveAsPng($"{name}.png");
        Console.WriteLine($"{scheduler}: {name}.png");
    }
});
