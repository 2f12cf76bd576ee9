// What TerminationTests start: an application that draws one picture with a checkpoint, and goes on with one that it finds.
// After the step of a number it waits until it is told to end. It writes a line for each step, and the picture's file.
using System.Globalization;
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.Hosting;
using DiffusionSharp.Hosting.Lifetime;
using DiffusionSharp.Hosting.Tests.Processes;
using DiffusionSharp.ImageSharp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddDiffusionPipeline("emoji").Configure(options => options.Load = EmojiPipeline.LoadAsync);
builder.Services.AddHostedService(services => new Drawing(
    services.GetRequiredService<IDiffusionPipelineProvider>(),
    services.GetRequiredService<IHostApplicationLifetime>(),
    services.GetRequiredService<HostLifetime>(),
    args[0],
    int.Parse(args[1], CultureInfo.InvariantCulture)));
using IHost host = builder.Build();
await host.RunAsync();

namespace DiffusionSharp.Hosting.Tests.Processes
{
    internal sealed class Drawing(IDiffusionPipelineProvider pipelines, IHostApplicationLifetime application, HostLifetime generations, string path, int middle) : BackgroundService, IProgress<GenerationProgress>
    {
        public static TextToImageRequest Request { get; } = new("a red apple") { Seed = 1, Steps = 12 };

        public void Report(GenerationProgress value)
        {
            Console.WriteLine($"step {value.Step}");
            if (value.Step == middle)
            {
                generations.Stopping.WaitHandle.WaitOne();
            }
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            try
            {
                GenerationResult result = await pipelines.GenerateAsync("emoji", Request, this, $"{path}.checkpoint", CancellationToken.None);
                result.Images[0].SaveAsPng(path);
                application.StopApplication();
            }
            catch (GenerationInterruptedException)
            {
                Console.WriteLine("saved");
            }
        }
    }
}
