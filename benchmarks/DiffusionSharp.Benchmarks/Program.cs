using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DiffusionSharp;
using DiffusionSharp.Benchmarks.Measurements;

switch (args)
{
    case ["conversions"]:
        Conversions.Run();
        return;
    case ["scheduler-steps"]:
        SchedulerSteps.Run();
        return;
    case ["tokenizer"]:
        TokenizerSpeed.Run();
        return;
    case ["pipeline-overhead", string pairs]:
        PipelineOverhead.Run(int.Parse(pairs, CultureInfo.InvariantCulture));
        return;
    case ["growth", string rounds, string picture]:
        CostGrowth.Run(int.Parse(rounds, CultureInfo.InvariantCulture), picture);
        return;
    case ["sessions", "emoji", string pairs, .. string[] trials]:
        SessionTrials.RunEmoji(int.Parse(pairs, CultureInfo.InvariantCulture), trials);
        return;
    case ["sessions", string folder, string pairs, .. string[] trials]:
        SessionTrials.RunLarge(folder, int.Parse(pairs, CultureInfo.InvariantCulture), trials);
        return;
    case ["bare-start"]:
        BareStart.Run();
        return;
    case ["draw-on-demand", string prompt, string seed, string count, string guidance]:
        DrawOnDemand.Run(new TextToImageRequest(prompt)
        {
            Seed = long.Parse(seed, CultureInfo.InvariantCulture),
            Steps = int.Parse(count, CultureInfo.InvariantCulture),
            GuidanceScale = float.Parse(guidance, CultureInfo.InvariantCulture),
        });
        return;
    case ["step-overhead", string folder, string steps]:
        await StepOverhead.Run(folder, int.Parse(steps, CultureInfo.InvariantCulture));
        return;
    case ["memory", "emoji", string runs, .. string[] settings]:
        PeakMemory.RunEmoji(int.Parse(runs, CultureInfo.InvariantCulture), settings);
        return;
    case ["memory", "decoder", string folder, string side, string tile]:
        PeakMemory.RunDecoder(folder, int.Parse(side, CultureInfo.InvariantCulture), int.Parse(tile, CultureInfo.InvariantCulture));
        return;
    case ["memory", string folder, string runs, .. string[] settings]:
        PeakMemory.RunLarge(folder, int.Parse(runs, CultureInfo.InvariantCulture), settings);
        return;
    case ["sharing", string folder, string count, .. string[] lora]:
        WeightForms.Share(folder, int.Parse(count, CultureInfo.InvariantCulture), lora.FirstOrDefault());
        return;
    case ["forms", string exported, string folder, string form, string rounds, .. string[] shape]:
        WeightForms.Run(exported, folder, form, int.Parse(rounds, CultureInfo.InvariantCulture), [.. (shape is [] ? ["1", "64", "64"] : shape).Select(extent => long.Parse(extent, CultureInfo.InvariantCulture))]);
        return;
    case ["load", string pairs]:
        LateEncoder.Run(int.Parse(pairs, CultureInfo.InvariantCulture));
        return;
    case ["batching", .. var rest]:
        Batching.Run(rest);
        return;
    case ["cached-steps", string folder, string steps, .. string[] thresholds]:
        CachedSteps.Run(folder, steps, thresholds);
        return;
    case ["guidance-calls", .. var rest]:
        GuidanceCalls.Run(rest);
        return;
    case ["memory-policy", .. var rest]:
        MemoryPolicy.Run(rest);
        return;
}

// In this process, so that a benchmark needs no build of its own; ratios within one class are what counts, not absolute times.
ManualConfig config = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithIterationCount(7).WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddExporter(MarkdownExporter.GitHub)
    .AddLogger(ConsoleLogger.Default);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
