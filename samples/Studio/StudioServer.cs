using System.Globalization;
using System.Net;
using DiffusionSharp.AspNetCore;
using DiffusionSharp.Emoji;
using DiffusionSharp.Hosting;
using DiffusionSharp.Studio.Process;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Studio;

/// <summary>The server of the page: its files, the web API that it draws with, and what it shows of the way from noise to picture.</summary>
internal static class StudioServer
{
    /// <summary>Builds the server.</summary>
    /// <param name="port">Where it listens, on loopback addresses only; 0 for any free port.</param>
    /// <param name="folder">A model folder; the embedded model where null.</param>
    /// <exception cref="ArgumentException">The folder is none.</exception>
    public static WebApplication Build(int port, string? folder = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        if (folder is not null && !File.Exists(Path.Combine(folder, "model_index.json")))
        {
            throw new ArgumentException($"'{folder}' is no model folder: it has no model_index.json.");
        }

        if (folder is null)
        {
            builder.Services.AddDiffusionPipeline("emoji").Configure(options => options.Load = EmojiPipeline.LoadAsync);
        }
        else
        {
            builder.Services.AddDiffusionPipeline(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))).Configure(options => options.Folder = Path.GetFullPath(folder));
        }

        WebApplication app = builder.Build();
        app.Use(PageHeaders.AddAsync);
        var files = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files });
        app.MapImageGeneration("/v1");
        RouteGroupBuilder own = app.MapGroup("/studio").RequireKnownCaller().AddEndpointFilter(RefuseWhenFullAsync);
        own.MapPost("/parameters", PictureParameters.ReadAsync);
        own.MapPost("/forward", ForwardProcess.RunAsync);
        own.MapPost("/denoise", DenoisingProcess.RunAsync);
        return app;
    }

    private static async ValueTask<object?> RefuseWhenFullAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (GenerationRefusedException refused)
        {
            context.HttpContext.Response.Headers.RetryAfter = refused.RetryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            return TypedResults.Json(refused.Message, statusCode: StatusCodes.Status429TooManyRequests);
        }
    }

    /// <summary>The port that a started server listens on.</summary>
    public static int PortOf(WebApplication app) => new Uri(app.Urls.First()).Port;
}
