using System.Diagnostics;
using DiffusionSharp.Diffusers;
using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Lora;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.OnnxRuntime.Sessions;
using Microsoft.ML.OnnxRuntime;
using Published = DiffusionSharp.Diffusers.Safetensors.Checkpoint;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// A network over safetensors beside the same one as it is exported, both on random weights of <c>benchmarks/models</c>: loading, memory, and a run in turn. Times are
/// processor time of one thread, which other work on the machine disturbs least.
/// </summary>
internal static class WeightForms
{
    /// <param name="exported">The folder with <c>model.onnx</c>.</param>
    /// <param name="folder">The folder with the safetensors.</param>
    /// <param name="form">plain, small or fast.</param>
    /// <param name="rounds">How many pairs of runs.</param>
    /// <param name="shape">Batch, height and width of the latents.</param>
    public static void Run(string exported, string folder, string form, int rounds, long[] shape)
    {
        var options = new OnnxOptions { Threads = 1, Spinning = false };
        shape = [shape[0], 4, shape[1], shape[2]];
        (InferenceSession baseline, double exportedLoad) = Loaded("exported", () => ModelSource.File(Path.Combine(exported, "model.onnx")).Open(SessionOptionsFactory.Create(options)));
        (ModelSource source, double written) = Timed(() => Source(folder, form, shape));
        Console.WriteLine($"{form}: written in {written:0.0} s");
        (InferenceSession candidate, double load) = Loaded(form, () => source.Open(SessionOptionsFactory.Create(options, source.MapsWeights)));
        Console.WriteLine($"load of {form} / exported: {load / exportedLoad:0.00}");

        (Action runExported, float[] expected) = Runner(baseline, folder, shape);
        (Action run, float[] found) = Runner(candidate, folder, shape);
        Memory("exported, first run", runExported);
        Memory($"{form}, first run", run);
        double mean = expected.Average(value => (double)value);
        double deviation = Math.Sqrt(expected.Average(value => (value - mean) * (value - mean)));
        Console.WriteLine($"difference: {Math.Sqrt(expected.Zip(found, (a, b) => ((double)a - b) * ((double)a - b)).Average()) / deviation:0.0e+0} of the deviation");

        var ratios = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            double bare = Processor(runExported);
            double time = Processor(run);
            ratios.Add(time / bare);
            Console.WriteLine($"round {round}: exported {bare:0.00} s, {form} {time:0.00} s, {time / bare:0.000}");
        }

        Console.WriteLine($"run of {form} / exported: {Quartiles.Of(ratios):0.000}, {rounds} pairs");
    }

    /// <summary>Loads a UNet several times with its weights where they lie, and runs each: memory that all of them have together, of which mapped pages count once.</summary>
    /// <param name="folder">The folder with the safetensors.</param>
    /// <param name="count">How many times.</param>
    /// <param name="lora">What changes all but the first.</param>
    public static void Share(string folder, int count, string? lora)
    {
        long[] shape = [1, 4, 64, 64];
        var options = new OnnxOptions { Threads = 1, Spinning = false };
        for (int i = 1; i <= count; i++)
        {
            (InferenceSession session, double seconds) = Timed(() => Source(folder, "small", shape, i == 1 ? null : lora).Open(SessionOptionsFactory.Create(options, mapsWeights: true)));
            Console.WriteLine($"session {i}: loaded in {seconds:0.0} s, {Together()}");
            Runner(session, folder, shape).Run();
            Console.WriteLine($"session {i}: after a run {Together()}");
        }

        static string Together()
        {
            string line = File.ReadLines("/proc/self/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            long pss = long.Parse(line.Split(':', 'k')[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
            return $"{ProcessStatus.Bytes("RssAnon") / 1e6:0} MB of its own, {pss / 1e6:0} MB in all";
        }
    }

    private static ModelSource Source(string folder, string form, long[] shape, string? lora = null)
    {
        const string UNet = "unet";
        var checkpoint = Published.Open(folder, "diffusion_pytorch_model", null);
        if (lora is not null)
        {
            checkpoint = LoraAdapters.Apply([new LoraFile(lora)], new Dictionary<string, Published> { [UNet] = checkpoint })[UNet];
        }

        bool isUNet = NetworkConfig.Load(folder).Text("_class_name") == "UNet2DConditionModel";
        var config = NetworkConfig.Load(folder);
        if (form == "fast")
        {
            var cache = new WinogradCache(Path.Combine(folder, "winograd"));
            ModelSource fast = (isUNet ? UNet2DConditionModel.BuildFast(checkpoint, config, false, shape, cache) : FastDecoder.Build(checkpoint, config, shape, cache))
                ?? throw new ArgumentException("This size has no graph of its own.", nameof(shape));
            cache.MakeMissing(CancellationToken.None);
            return fast;
        }

        ModelSource source = isUNet ? UNet2DConditionModel.Build(checkpoint, config) : AutoencoderKL.BuildDecoder(checkpoint, config);
        return form == "small" ? source.Mapped() : source;
    }

    private static (InferenceSession Session, double Seconds) Loaded(string name, Func<InferenceSession> open)
    {
        InferenceSession? session = null;
        double seconds = 0;
        Memory($"{name}, loaded", () => seconds = Processor(() => session = open()));
        Console.WriteLine($"{name}: loaded in {seconds:0.0} s");
        return (session!, seconds);
    }

    private static (Action Run, float[] Output) Runner(InferenceSession session, string folder, long[] shape)
    {
        long contextWidth = NetworkConfig.Load(folder).Whole("cross_attention_dim") ?? 0;
        var random = new Random(1);
        OrtIoBinding binding = session.CreateIoBinding();
        foreach ((string name, NodeMetadata input) in session.InputMetadata)
        {
            long[] extents = name switch
            {
                "timestep" => [input.Dimensions[0] == 1 ? 1 : shape[0]],
                "encoder_hidden_states" => [shape[0], 77, contextWidth],
                "text_embeds" => [shape[0], 1280],
                "time_ids" => [shape[0], 6],
                _ => shape,
            };
            float[] values = [.. Enumerable.Range(0, (int)extents.Aggregate(1L, (product, extent) => product * extent)).Select(_ => name == "timestep" ? 431f : (float)((2 * random.NextDouble()) - 1))];
            binding.BindInput(name, OrtValue.CreateTensorValueFromMemory(values, extents));
        }

        bool isUNet = session.InputMetadata.ContainsKey("timestep");
        var output = new float[isUNet ? shape[0] * 4 * shape[2] * shape[3] : shape[0] * 3 * 64 * shape[2] * shape[3]];
        binding.BindOutput(session.OutputNames[0], OrtValue.CreateTensorValueFromMemory(output, isUNet ? shape : [shape[0], 3, 8 * shape[2], 8 * shape[3]]));
        var options = new RunOptions();
        return (() => session.RunWithBinding(options, binding), output);
    }

    private static (T Value, double Seconds) Timed<T>(Func<T> make)
    {
        long started = Stopwatch.GetTimestamp();
        T value = make();
        return (value, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static double Processor(Action action)
    {
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        action();
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
    }

    private static void Memory(string name, Action action)
    {
        (long own, long mapped, long all) = (ProcessStatus.Bytes("RssAnon"), ProcessStatus.Bytes("RssFile"), ProcessStatus.Bytes("VmRSS"));
        ProcessStatus.ForgetPeak();
        action();
        Console.WriteLine(
            $"{name}: {(ProcessStatus.Bytes("RssAnon") - own) / 1e6:0} MB of its own, {(ProcessStatus.Bytes("RssFile") - mapped) / 1e6:0} MB mapped more, at most {(ProcessStatus.Bytes("VmHWM") - all) / 1e6:0} MB meanwhile");
    }
}
