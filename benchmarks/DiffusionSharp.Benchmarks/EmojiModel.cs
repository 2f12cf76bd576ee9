using System.Numerics.Tensors;
using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.OnnxRuntime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.Benchmarks;

/// <summary>The embedded model as bare ONNX Runtime sessions, set as the library sets its own, with bound buffers: what the library is measured beside.</summary>
internal sealed class EmojiModel : IDisposable
{
    public const int Tokens = 32;
    public const int ContextWidth = 192;
    public const int LatentChannels = 8;
    public const int LatentSide = 16;
    public const int Side = 128;

    private readonly RunOptions _options = new();
    private readonly List<IDisposable> _owned = [];
    private readonly Func<SessionOptions> _createOptions;

    public EmojiModel(int batch, int threads = 0)
        : this(batch, () => SessionOptionsFactory.Create(new OnnxOptions { Threads = threads }))
    {
    }

    public EmojiModel(int batch, Func<SessionOptions> createOptions)
    {
        _createOptions = createOptions;
        Ids = new long[batch * Tokens];
        Context = new float[batch * Tokens * ContextWidth];
        Sample = new float[batch * LatentChannels * LatentSide * LatentSide];
        Timestep = new float[batch];
        Prediction = new float[Sample.Length];
        Latent = new float[LatentChannels * LatentSide * LatentSide];
        Pixels = new float[3 * Side * Side];

        string[] components = ["text_encoder", "unet", "vae_decoder"];
        var sessions = new InferenceSession[components.Length];
        Parallel.For(0, components.Length, i => sessions[i] = Open(components[i]));
        (TextEncoder, UNet, Decoder) = (Own(sessions[0]), Own(sessions[1]), Own(sessions[2]));
        TextBinding = Bind(TextEncoder, [("input_ids", Value(Ids, batch, Tokens))], ("last_hidden_state", Value(Context, batch, Tokens, ContextWidth)));
        UNetBinding = Bind(
            UNet,
            [
                ("sample", Value(Sample, batch, LatentChannels, LatentSide, LatentSide)),
                ("timestep", Value(Timestep, batch)),
                ("encoder_hidden_states", Value(Context, batch, Tokens, ContextWidth)),
            ],
            ("out_sample", Value(Prediction, batch, LatentChannels, LatentSide, LatentSide)));
        DecoderBinding = Bind(Decoder, [("latent_sample", Value(Latent, 1, LatentChannels, LatentSide, LatentSide))], ("sample", Value(Pixels, 1, 3, Side, Side)));
    }

    public long[] Ids { get; }

    public float[] Context { get; }

    public float[] Sample { get; }

    public float[] Timestep { get; }

    public float[] Prediction { get; }

    public float[] Latent { get; }

    public float[] Pixels { get; }

    private InferenceSession TextEncoder { get; }

    private InferenceSession UNet { get; }

    private InferenceSession Decoder { get; }

    private OrtIoBinding TextBinding { get; }

    private OrtIoBinding UNetBinding { get; }

    private OrtIoBinding DecoderBinding { get; }

    public static string PathOf(string component) => Path.Combine(EmojiPipeline.ModelFolder, component, "model.onnx");

    public void RunTextEncoder() => TextEncoder.RunWithBinding(_options, TextBinding);

    public void RunUNet() => UNet.RunWithBinding(_options, UNetBinding);

    public void RunDecoder() => Decoder.RunWithBinding(_options, DecoderBinding);

    public void Dispose()
    {
        for (int i = _owned.Count - 1; i >= 0; i--)
        {
            _owned[i].Dispose();
        }

        _options.Dispose();
    }

    private InferenceSession Open(string component)
    {
        using SessionOptions options = _createOptions();
        return new InferenceSession(PathOf(component), options);
    }

    private OrtValue Value<T>(T[] values, params long[] shape)
        where T : unmanaged => Own(OrtValue.CreateTensorValueFromMemory(values, shape));

    private OrtIoBinding Bind(InferenceSession session, (string Name, OrtValue Value)[] inputs, (string Name, OrtValue Value) output)
    {
        OrtIoBinding binding = Own(session.CreateIoBinding());
        foreach ((string name, OrtValue value) in inputs)
        {
            binding.BindInput(name, value);
        }

        binding.BindOutput(output.Name, output.Value);
        return binding;
    }

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }
}
