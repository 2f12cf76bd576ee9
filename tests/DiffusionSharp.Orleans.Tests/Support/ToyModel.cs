using System.Collections.Concurrent;
using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Orleans.Tests.Support;

/// <summary>A model call.</summary>
/// <param name="Silo">Where it is made.</param>
/// <param name="Timestep">The timestep, of the first picture where they differ.</param>
/// <param name="Rows">How many pictures share it.</param>
/// <param name="Stop">Stops it.</param>
internal sealed record ToyCall(string Silo, double Timestep, int Rows, CancellationToken Stop);

/// <summary>A model that takes no file and no time, and in whose calls a request can do something.</summary>
internal sealed class ToyModel
{
    public const string Name = "toy";
    public const int Steps = 6;

    private readonly ConcurrentDictionary<int, Action<ToyCall>> _behaviours = [];
    private int _last;

    /// <summary>A request.</summary>
    /// <param name="behaviour">What happens before each of its model calls.</param>
    public GenerationRequest Request(Action<ToyCall>? behaviour = null)
    {
        int number = Interlocked.Increment(ref _last);
        _behaviours[number] = behaviour ?? (_ => { });
        return new GenerationRequest { Seed = number, Conditioning = Conditioning.None.With(ToyPredictor.Number, Tensor.Create([(float)number], [1, 1])) };
    }

    /// <summary>The pipeline of a silo.</summary>
    public DiffusionPipeline Load(string silo) => Load((timestep, numbers, stop) =>
    {
        foreach (float number in numbers)
        {
            _behaviours.GetValueOrDefault((int)number)?.Invoke(new ToyCall(silo, timestep, numbers.Length, stop));
        }
    });

    /// <summary>A cascade for a silo, of as many steps in all.</summary>
    public Cascade LoadTwice(string silo) => Cascade(Load(silo));

    /// <summary>The picture that a request makes without a farm, as a PNG file.</summary>
    public static byte[] Draw(GenerationRequest request)
    {
        using DiffusionPipeline pipeline = Load((_, _, _) => { });
        return Png(pipeline.Generate(request));
    }

    /// <summary>As <see cref="Draw"/>, with the cascade.</summary>
    public static async Task<byte[]> DrawTwiceAsync(GenerationRequest request)
    {
        using Cascade cascade = Cascade(Load((_, _, _) => { }));
        return Png(await cascade.GenerateAsync(request));
    }

    private static Cascade Cascade(DiffusionPipeline pipeline) => DiffusionSharp.Cascade
        .Start(pipeline, request => request with { Steps = 2 })
        .Then(pipeline, state => state.Request with { Steps = Steps - 2, Seed = state.Result.Request.Seed })
        .Owning();

    private static byte[] Png(GenerationResult result)
    {
        using var stream = new MemoryStream();
        result.Images[0].SaveAsPng(stream);
        return stream.ToArray();
    }

    private static DiffusionPipeline Load(Action<double, float[], CancellationToken> before) => DiffusionPipeline.CreateBuilder()
        .UseNoisePredictor(new ToyPredictor(before))
        .UsePixelSpace()
        .UseScheduler(new DdpmScheduler(new DdpmOptions { Clipping = SampleClipping.Clamp(2) }))
        .UseDefaults(new GenerationDefaults { Width = 8, Height = 8, Steps = Steps })
        .Build();
}
