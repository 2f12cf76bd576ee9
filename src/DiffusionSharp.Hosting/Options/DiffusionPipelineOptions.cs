using DiffusionSharp.Diffusers;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Hosting;

/// <summary>
/// A pipeline, or a cascade, of an application: which model, on which device, and what requests are where they say nothing. Named as the pipeline is; everything but
/// <see cref="Load"/> and <see cref="LoadCascade"/> can be set in appsettings.
/// </summary>
public sealed class DiffusionPipelineOptions
{
    /// <summary>
    /// The model folder, with a <c>model_index.json</c>. A relative path begins at the application's content root or, where it is not there, beside its
    /// assemblies: <c>emoji-model</c> is the model of the package DiffusionSharp.Emoji. One of a system of several networks, as unCLIP, is a cascade.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>Model folders each of which enlarges the pictures of the one before, beginning with <see cref="Folder"/>'s; see <see cref="OnnxCascade.LoadAsync(IReadOnlyList{string}, OnnxPipelineOptions?, IProgress{LoadProgress}?, CancellationToken)"/>. None by default. Relative as <see cref="Folder"/> is.</summary>
    public IList<string> Then { get; } = [];

    /// <summary>How the folder stores its networks. Null, the default, finds out: ONNX where there is an ONNX file, safetensors otherwise.</summary>
    public ModelFormat? Format { get; set; }

    /// <summary>Which of a model's files is taken where there are several, for example <c>fp16</c>; see <see cref="OnnxPipelineOptions.Variant"/>.</summary>
    public string? Variant { get; set; }

    /// <summary>Changes to the weights of a folder of safetensors, which add up; see <see cref="DiffusersPipelineOptions.Loras"/>. None by default. Paths are relative as <see cref="Folder"/> is.</summary>
    public IList<LoraFile> Loras { get; } = [];

    /// <summary>A file whose weights take the place of those of a folder of safetensors; see <see cref="DiffusersPipelineOptions.SingleFile"/>. Relative as <see cref="Folder"/> is.</summary>
    public string? SingleFile { get; set; }

    /// <summary>Whether weights of a folder of safetensors stay where they lie, which loads in a second; see <see cref="DiffusersPipelineOptions.MapsWeights"/>. False by default.</summary>
    public bool MapsWeights { get; set; }

    /// <summary>Whether networks of a folder of safetensors are written for the sizes that are drawn, which is faster on a processor; see <see cref="DiffusersPipelineOptions.Fast"/>. False by default.</summary>
    public bool Fast { get; set; }

    /// <summary>Where <see cref="Fast"/> keeps what it makes of the weights; see <see cref="FastSizes.CacheFolder"/>. Null, the default, for beside the weights. Relative as <see cref="Folder"/> is.</summary>
    public string? FastCacheFolder { get; set; }

    /// <summary>What executes the model. The processor by default.</summary>
    public ExecutionProvider Provider { get; set; }

    /// <summary>Which device of the provider, counted from 0. Pipelines on the same device share its slots.</summary>
    public int DeviceId { get; set; }

    /// <summary>Whether to use the processor, with a warning in the log, where <see cref="Provider"/> is not available. False by default.</summary>
    public bool FallBackToCpu { get; set; }

    /// <summary>Threads within one operator; 0, the default, for one per physical core on the processor, and a single one beside a device.</summary>
    public int Threads { get; set; }

    /// <summary>Whether threads wait for the next operator by spinning; see <see cref="OnnxOptions.Spinning"/>. A server that shares its processor says false.</summary>
    public bool? Spinning { get; set; }

    /// <summary>How long a model stays in memory. Until the application ends by default.</summary>
    public SessionLifetime Lifetime { get; set; }

    /// <summary>Whether the two predictions of guidance come from one model call, the default, or from two, which need less memory.</summary>
    public GuidanceBatching GuidanceBatching { get; set; }

    /// <summary>How many rows of concurrent generations share a model call, a picture being one row and with guidance two; 0, the default, leaves each to itself.</summary>
    public int BatchRows { get; set; }

    /// <summary>How many prompts' embeddings are remembered; none by default.</summary>
    public int CachedPrompts { get; set; }

    /// <summary>How prompts are written: <c>A1111</c>, <c>Lpw</c> or <c>Compel</c>. Null, the default, for plain text.</summary>
    public string? PromptSyntax { get; set; }

    /// <summary>The sampler by name, as <see cref="Schedulers.Samplers.ByName"/> knows it, for example <c>DPM++ 2M Karras</c>. The model's own when null.</summary>
    public string? Scheduler { get; set; }

    /// <summary>Width in pixels of requests that say none. The model's own when null.</summary>
    public int? Width { get; set; }

    /// <summary>Height in pixels of requests that say none. The model's own when null.</summary>
    public int? Height { get; set; }

    /// <summary>Denoising steps of requests that say none. The model's own when null.</summary>
    public int? Steps { get; set; }

    /// <summary>Guidance scale of requests with a prompt that say none. The model's own when null.</summary>
    public float? GuidanceScale { get; set; }

    /// <summary>Whether the pipeline is loaded when the application starts, and takes one step, so that the first user need not wait for it. True by default; otherwise it is loaded when it is first asked for.</summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>Who offers the model, for lists of models. <c>local</c> by default.</summary>
    public string OwnedBy { get; set; } = "local";

    /// <summary>When the model was made, for lists of models. By default when its <c>model_index.json</c> was written, or when the application started where there is none.</summary>
    public DateTimeOffset? Created { get; set; }

    /// <summary>
    /// Loads the pipeline in place of <see cref="Folder"/>, for example <c>EmojiPipeline.LoadAsync</c>: is given what the options here say of devices,
    /// memory and prompts, to which it may add. Null, the default, to load the folder.
    /// </summary>
    public Func<DiffusersPipelineOptions, IProgress<LoadProgress>?, CancellationToken, Task<DiffusionPipeline>>? Load { get; set; }

    /// <summary>As <see cref="Load"/>, for a cascade, which disposes its pipelines if it owns them (<see cref="Cascade.Owning"/>).</summary>
    public Func<DiffusersPipelineOptions, IProgress<LoadProgress>?, CancellationToken, Task<Cascade>>? LoadCascade { get; set; }

    /// <summary>The device's name: <c>Cpu0</c>, <c>Cuda1</c>.</summary>
    internal string Device => $"{Provider}{DeviceId}";
}
